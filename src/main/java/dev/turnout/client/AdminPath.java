package dev.turnout.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The path and the query of a call.
 *
 * @param text the written form, percent-encoded
 */
public record AdminPath(String text) {

    /** Returns a path without a query. Each segment is encoded, and a slash is put before each of them. */
    public static AdminPath of(String... segments) {
        StringBuilder path = new StringBuilder();
        for (String segment : segments) {
            path.append('/').append(encode(segment));
        }
        return new AdminPath(path.toString());
    }

    /** Returns this path with one more parameter. */
    public AdminPath with(String name, String value) {
        return new AdminPath(text + (text.indexOf('?') < 0 ? '?' : '&') + encode(name) + '=' + encode(value));
    }

    /** Returns this path with one more parameter if there is a value. */
    public AdminPath with(String name, Optional<String> value) {
        return value.map(given -> with(name, given)).orElse(this);
    }

    /** Returns this path with one more parameter, {@code true}, if the flag is set. */
    public AdminPath with(String name, boolean flag) {
        return flag ? with(name, "true") : this;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%3A", ":")
                .replace("%2A", "*");
    }

    @Override
    public String toString() {
        return text;
    }
}
