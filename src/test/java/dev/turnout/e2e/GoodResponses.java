package dev.turnout.e2e;

import dev.turnout.support.SocketEnd;
import java.util.stream.Stream;

/** Responses that are odd but right, and must get through with their status and content. */
final class GoodResponses {

    private static final String CRLF = "\r\n";
    private static final String OK = "HTTP/1.1 200 OK" + CRLF;
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked" + CRLF + CRLF;

    private GoodResponses() {}

    /**
     * A response and what the client gets of it.
     *
     * @param reusable whether the target's connection may serve the next request
     */
    record Expected(ResponseRow row, int status, String text, boolean reusable) {
        @Override
        public String toString() {
            return row.name();
        }
    }

    static Stream<Expected> all() {
        return Stream.of(
                hello("a length", OK + "Content-Length: 5" + CRLF + CRLF + "hello"),
                hello("a length in small letters", OK + "content-length:5" + CRLF + CRLF + "hello"),
                hello("a length with white space around it", OK + "Content-Length: \t5 \t" + CRLF + CRLF + "hello"),
                hello("a length with leading zeros", OK + "Content-Length: 0005" + CRLF + CRLF + "hello"),
                hello("one chunk", CHUNKED + "5" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                hello("a chunk for each byte", CHUNKED + "1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n"),
                hello("chunk sizes with leading zeros", CHUNKED + "0005" + CRLF + "hello" + CRLF + "000" + CRLF + CRLF),
                hello(
                        "a chunk extension",
                        CHUNKED + "5;name=\"a value\";b" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                hello(
                        "a chunked body with a trailer",
                        CHUNKED + "5" + CRLF + "hello" + CRLF + "0" + CRLF + "Sum: 1" + CRLF + CRLF),
                hello(
                        "the coding in capitals",
                        OK + "Transfer-Encoding: CHUNKED" + CRLF + CRLF + "5" + CRLF + "hello" + CRLF + "0" + CRLF
                                + CRLF),
                hello("no reason", "HTTP/1.1 200 " + CRLF + "Content-Length: 5" + CRLF + CRLF + "hello"),
                hello(
                        "a reason beyond ASCII",
                        "HTTP/1.1 200 \u00c4" + CRLF + "Content-Length: 5" + CRLF + CRLF + "hello"),
                hello(
                        "a value beyond ASCII",
                        OK + "X-A: \u00e4\u00f6" + CRLF + "Content-Length: 5" + CRLF + CRLF + "hello"),
                hello("an empty value", OK + "X-A:" + CRLF + "Content-Length: 5" + CRLF + CRLF + "hello"),
                hello(
                        "an interim 100 nobody asked for",
                        "HTTP/1.1 100 Continue" + CRLF + CRLF + OK + "Content-Length: 5" + CRLF + CRLF + "hello"),
                hello(
                        "a series of interim responses",
                        ("HTTP/1.1 103 Early Hints" + CRLF + "Link: </a>" + CRLF + CRLF).repeat(3) + OK
                                + "Content-Length: 5" + CRLF + CRLF + "hello"),
                expected(
                        "content that looks like a response",
                        200,
                        "\r\n\r\nHTTP/1.1 500 No\r\n\r\n",
                        true,
                        "GET",
                        SocketEnd.STALL,
                        OK + "Content-Length: 23" + CRLF + CRLF + "\r\n\r\nHTTP/1.1 500 No\r\n\r\n"),
                expected("no content", 200, "", true, "GET", SocketEnd.STALL, OK + "Content-Length: 0" + CRLF + CRLF),
                expected("no chunk but the last", 200, "", true, "GET", SocketEnd.STALL, CHUNKED + "0" + CRLF + CRLF),
                expected("204", 204, "", true, "GET", SocketEnd.STALL, "HTTP/1.1 204 No Content" + CRLF + CRLF),
                expected(
                        "304 with a length",
                        304,
                        "",
                        true,
                        "GET",
                        SocketEnd.STALL,
                        "HTTP/1.1 304 Not Modified" + CRLF + "Content-Length: 5" + CRLF + CRLF),
                expected(
                        "304 with a coding",
                        304,
                        "",
                        true,
                        "GET",
                        SocketEnd.STALL,
                        "HTTP/1.1 304 Not Modified" + CRLF + "Transfer-Encoding: chunked" + CRLF + CRLF),
                expected(
                        "HEAD with a length",
                        200,
                        "",
                        true,
                        "HEAD",
                        SocketEnd.STALL,
                        OK + "Content-Length: 5" + CRLF + CRLF),
                expected(
                        "HEAD with a coding",
                        200,
                        "",
                        true,
                        "HEAD",
                        SocketEnd.STALL,
                        OK + "Transfer-Encoding: chunked" + CRLF + CRLF),
                expected("HEAD with neither", 200, "", true, "HEAD", SocketEnd.STALL, OK + CRLF),
                expected(
                        "404",
                        404,
                        "hello",
                        true,
                        "GET",
                        SocketEnd.STALL,
                        "HTTP/1.1 404 Not Found" + CRLF + "Content-Length: 5" + CRLF + CRLF + "hello"),
                expected(
                        "500",
                        500,
                        "hello",
                        true,
                        "GET",
                        SocketEnd.STALL,
                        "HTTP/1.1 500 No" + CRLF + "Content-Length: 5" + CRLF + CRLF + "hello"),
                expected(
                        "a status that nobody knows",
                        299,
                        "hello",
                        true,
                        "GET",
                        SocketEnd.STALL,
                        "HTTP/1.1 299 Odd" + CRLF + "Content-Length: 5" + CRLF + CRLF + "hello"),
                expected(
                        "a body that ends with the connection",
                        200,
                        "hello",
                        false,
                        "GET",
                        SocketEnd.CLOSE,
                        OK + CRLF + "hello"),
                expected(
                        "a body that ends with half the connection",
                        200,
                        "hello",
                        false,
                        "GET",
                        SocketEnd.HALF_CLOSE,
                        OK + CRLF + "hello"),
                expected(
                        "Connection: close and a length",
                        200,
                        "hello",
                        false,
                        "GET",
                        SocketEnd.CLOSE,
                        OK + "Connection: close" + CRLF + "Content-Length: 5" + CRLF + CRLF + "hello"),
                expected(
                        "Connection: close that is not kept",
                        200,
                        "hello",
                        false,
                        "GET",
                        SocketEnd.STALL,
                        OK + "Connection: close" + CRLF + "Content-Length: 5" + CRLF + CRLF + "hello"),
                expected(
                        "HTTP/1.0 with a length",
                        200,
                        "hello",
                        false,
                        "GET",
                        SocketEnd.CLOSE,
                        "HTTP/1.0 200 OK" + CRLF + "Content-Length: 5" + CRLF + CRLF + "hello"),
                expected(
                        "HTTP/1.0 without a length",
                        200,
                        "hello",
                        false,
                        "GET",
                        SocketEnd.CLOSE,
                        "HTTP/1.0 200 OK" + CRLF + CRLF + "hello"),
                expected(
                        "more bytes than the length says",
                        200,
                        "hello",
                        false,
                        "GET",
                        SocketEnd.STALL,
                        OK + "Content-Length: 5" + CRLF + CRLF + "hello, and more"),
                expected(
                        "a second response behind the first",
                        200,
                        "hello",
                        false,
                        "GET",
                        SocketEnd.STALL,
                        OK + "Content-Length: 5" + CRLF + CRLF + "hello" + OK + "Content-Length: 4" + CRLF + CRLF
                                + "evil"),
                expected(
                        "a second response behind the last chunk",
                        200,
                        "hello",
                        false,
                        "GET",
                        SocketEnd.STALL,
                        CHUNKED + "5" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF + OK + "Content-Length: 4" + CRLF
                                + CRLF + "evil"),
                expected(
                        "a body behind 304",
                        304,
                        "",
                        false,
                        "GET",
                        SocketEnd.STALL,
                        "HTTP/1.1 304 Not Modified" + CRLF + "Content-Length: 4" + CRLF + CRLF + "evil"),
                expected(
                        "a body behind HEAD",
                        200,
                        "",
                        false,
                        "HEAD",
                        SocketEnd.STALL,
                        OK + "Content-Length: 4" + CRLF + CRLF + "evil"));
    }

    private static Expected hello(String name, String bytes) {
        return expected(name, 200, "hello", true, "GET", SocketEnd.STALL, bytes);
    }

    private static Expected expected(
            String name, int status, String text, boolean reusable, String method, SocketEnd ending, String bytes) {
        return new Expected(new ResponseRow(name, method, bytes, ending), status, text, reusable);
    }
}
