package dev.turnout.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The head of a response, and the stream of its body.
 *
 * @param status 200 or more
 * @param contentType without parameters, in lower case; empty if there was none
 * @param body ends with the body
 */
record HttpReply(int status, String contentType, InputStream body) {

    private static final int MOST_LINE = 8 << 10;
    private static final int MOST_FIELDS = 128;

    /**
     * Reads the head of the final response.
     *
     * @throws NotHttp if the bytes are no response of HTTP/1
     */
    static HttpReply read(InputStream bytes) throws IOException {
        ResponseLines lines = new ResponseLines(bytes, MOST_LINE);
        int status = status(lines);
        Map<String, String> fields = fields(lines);
        while (status < 200) {
            status = status(lines);
            fields = fields(lines);
        }
        String type = fields.getOrDefault("content-type", "");
        int parameters = type.indexOf(';');
        return new HttpReply(
                status,
                (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT),
                body(status, fields, bytes));
    }

    private static int status(ResponseLines lines) throws IOException {
        String line = lines.next();
        if (line == null) {
            throw new IOException("the connection was closed without an answer");
        }
        if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
            throw new NotHttp(line);
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private static Map<String, String> fields(ResponseLines lines) throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i <= MOST_FIELDS; i++) {
            String line = lines.next();
            if (line == null) {
                throw new IOException("the connection was closed in the middle of the answer");
            }
            if (line.isEmpty()) {
                return fields;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.putIfAbsent(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        throw new NotHttp("an answer with more than " + MOST_FIELDS + " header fields");
    }

    private static InputStream body(int status, Map<String, String> fields, InputStream bytes) throws IOException {
        if (status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        if (fields.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .contains("chunked")) {
            return new ChunkedBody(bytes);
        }
        String length = fields.get("content-length");
        if (length == null) {
            return bytes;
        }
        if (!length.matches("[0-9]{1,15}")) {
            throw new NotHttp("Content-Length: " + length);
        }
        return new CountedBody(bytes, Long.parseLong(length));
    }
}
