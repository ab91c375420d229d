package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Where a rule redirects to, with places for parts of the request. Any thread. */
public final class RedirectTemplate {

    private final String text;
    private final String prefix;

    /**
     * @param text a path or a URL
     * @param prefix what the paths of the rule begin with, for what is behind it; empty if nothing is known
     */
    public RedirectTemplate(String text, String prefix) {
        this.text = text;
        this.prefix = prefix;
    }

    /** Returns the place for a request. A path of it never becomes the name of a host. */
    public String fill(RequestHead head, ClientInfo client) {
        int end = head.pathStart();
        while (end < head.targetEnd() && head.bytes()[end] != '?') {
            end++;
        }
        String path = text(head.bytes(), head.pathStart(), end);
        boolean isBehind = !prefix.isEmpty() && !prefix.equals("/") && head.pathIsWithin(prefix);
        Span host = client.hostOf(head);
        String filled = text.replace("{host}", text(host.bytes(), host.from(), host.to()))
                .replace("{path}", path.startsWith("/") ? path : "/")
                .replace("{rest}", isBehind ? path.substring(prefix.length()) : path)
                .replace("{query}", text(head.bytes(), end, head.targetEnd()));
        return filled.startsWith("/") ? "/" + filled.replaceFirst("^[/\\\\]+", "") : filled;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }
}
