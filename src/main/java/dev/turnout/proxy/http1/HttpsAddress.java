package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** The address under which a request would come by https: its own host, path and query. */
public final class HttpsAddress {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private HttpsAddress() {}

    /**
     * Returns the address of a request that was scanned, so that its host is well-formed.
     *
     * <p>A client that names the port that Turnout listens on reaches the port for HTTPS as it is. Any other port stands
     * for a proxy or a mapping in front, behind which https has its usual port.
     *
     * @param plainPort the port for plain HTTP that Turnout listens on
     * @param tlsPort the port for HTTPS that Turnout listens on
     */
    public static String of(RequestHead head, ClientInfo client, int plainPort, int tlsPort) {
        Span host = client.hostOf(head);
        int nameEnd = Authority.nameEnd(host);
        int named = nameEnd + 1 < host.to() ? number(host.bytes(), nameEnd + 1, host.to()) : HTTP_PORT;
        int port = named == plainPort ? tlsPort : HTTPS_PORT;
        return "https://" + text(host.bytes(), host.from(), nameEnd) + (port == HTTPS_PORT ? "" : ":" + port)
                + path(head);
    }

    /** Returns true if a field says that the client came over TLS, whether or not it is to be believed. */
    public static boolean isSaid(RequestHead head) {
        return new ForwardedClient().saysHttps(head);
    }

    private static String path(RequestHead head) {
        String path = text(head.bytes(), head.pathStart(), head.targetEnd());
        return path.startsWith("/") ? path : path.startsWith("?") ? "/" + path : "/";
    }

    /** Returns a number of digits; -1 if no port has so many. */
    private static int number(byte[] bytes, int from, int to) {
        return to - from <= 5 ? Integer.parseInt(text(bytes, from, to)) : -1;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }
}
