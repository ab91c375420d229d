package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HashMap;
import java.util.Map;

/**
 * The status line of an HTTP/1.1 response with the reason phrase of the IANA registry. RFC 9112, section 4, allows an
 * empty phrase, but some clients take none.
 */
public final class StatusLine {

    /** The first number behind the status codes. */
    public static final int CODES_END = 600;

    private static final String REASONS = """
            100 Continue
            101 Switching Protocols
            102 Processing
            103 Early Hints
            200 OK
            201 Created
            202 Accepted
            203 Non-Authoritative Information
            204 No Content
            205 Reset Content
            206 Partial Content
            207 Multi-Status
            208 Already Reported
            226 IM Used
            300 Multiple Choices
            301 Moved Permanently
            302 Found
            303 See Other
            304 Not Modified
            305 Use Proxy
            307 Temporary Redirect
            308 Permanent Redirect
            400 Bad Request
            401 Unauthorized
            402 Payment Required
            403 Forbidden
            404 Not Found
            405 Method Not Allowed
            406 Not Acceptable
            407 Proxy Authentication Required
            408 Request Timeout
            409 Conflict
            410 Gone
            411 Length Required
            412 Precondition Failed
            413 Content Too Large
            414 URI Too Long
            415 Unsupported Media Type
            416 Range Not Satisfiable
            417 Expectation Failed
            421 Misdirected Request
            422 Unprocessable Content
            423 Locked
            424 Failed Dependency
            425 Too Early
            426 Upgrade Required
            428 Precondition Required
            429 Too Many Requests
            431 Request Header Fields Too Large
            451 Unavailable For Legal Reasons
            500 Internal Server Error
            501 Not Implemented
            502 Bad Gateway
            503 Service Unavailable
            504 Gateway Timeout
            505 HTTP Version Not Supported
            506 Variant Also Negotiates
            507 Insufficient Storage
            508 Loop Detected
            511 Network Authentication Required
            """;

    private static final byte[][] LINES = lines();

    private StatusLine() {}

    private static byte[][] lines() {
        Map<Integer, String> reasons = new HashMap<>();
        REASONS.lines().forEach(line -> reasons.put(Integer.valueOf(line.substring(0, 3)), line.substring(4)));
        byte[][] lines = new byte[CODES_END][];
        for (int status = 0; status < CODES_END; status++) {
            lines[status] =
                    ("HTTP/1.1 " + status + " " + reasons.getOrDefault(status, "Unknown") + "\r\n").getBytes(US_ASCII);
        }
        return lines;
    }

    /** Returns the line of a status code, with its CRLF. It is not to be changed. */
    public static byte[] of(int status) {
        return LINES[status];
    }
}
