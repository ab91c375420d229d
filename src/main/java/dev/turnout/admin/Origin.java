package dev.turnout.admin;

import java.util.Locale;

/** The comparison of a page's {@code Origin} (RFC 6454) with the {@code Host} that the page calls. */
final class Origin {

    private Origin() {}

    /**
     * Returns true if a page of this origin calls its own site. The scheme is not compared, since a proxy in front may end
     * TLS. The origin {@code null} of sandboxed pages matches no host.
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
