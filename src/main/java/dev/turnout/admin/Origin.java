package dev.turnout.admin;

import java.util.Locale;

/** Compares the {@code Origin} of a page (RFC 6454) with the {@code Host} that it calls. */
final class Origin {

    private Origin() {}

    /**
     * Whether a page of this origin calls its own site. The scheme is not compared: behind a proxy that ends TLS, the
     * page's is https and the call's is not. {@code null}, as sandboxed pages send it, is nobody's.
     */
    static boolean isOf(String origin, String host) {
        if (host == null) {
            return false;
        }
        String page = origin.toLowerCase(Locale.ROOT);
        if (page.startsWith("https://")) {
            return withoutPort(page.substring("https://".length()), ":443").equals(withoutPort(host, ":443"));
        }
        return page.startsWith("http://")
                && withoutPort(page.substring("http://".length()), ":80").equals(withoutPort(host, ":80"));
    }

    private static String withoutPort(String authority, String standard) {
        String lower = authority.toLowerCase(Locale.ROOT);
        return lower.endsWith(standard) ? lower.substring(0, lower.length() - standard.length()) : lower;
    }
}
