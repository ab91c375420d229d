package dev.turnout.proxy.route;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.http1.RequestHead;

/** Scanned requests, for what is decided by their heads. */
public final class Requests {

    private Requests() {}

    /** A GET of a request target from a host. */
    public static RequestHead get(String host, String target) {
        return head("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }

    /** These very bytes. */
    public static RequestHead head(String text) {
        RequestHead head = new RequestHead(16 * 1024);
        byte[] bytes = text.getBytes(ISO_8859_1);
        if (head.scan(bytes, 0, bytes.length) != bytes.length) {
            throw new IllegalArgumentException("not the head of a request: " + text);
        }
        return head;
    }
}
