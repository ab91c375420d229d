package dev.turnout.config;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A pattern for the hosts of a service: one host, or every host below a domain.
 *
 * @param name in lower case; the part after the asterisk, such as {@code .example.com}, if {@code isWildcard}
 * @param isWildcard true if one or more labels stand before the name
 */
public record HostPattern(String name, boolean isWildcard) {

    private static final Pattern NAME =
            Pattern.compile("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+]");
    private static final int LONGEST = 253;

    /**
     * Reads {@code shop.example.com}, {@code *.example.com} or an address, in any case of letters.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong with the text
     */
    public static HostPattern parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean isWildcard = lower.startsWith("*.");
        String name = isWildcard ? lower.substring(2) : lower;
        if (name.length() > LONGEST
                || !NAME.matcher(name).matches()
                        && (isWildcard || !IPV6.matcher(name).matches())) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a host name, *. and a host name, or an address, each without a port");
        }
        return new HostPattern(isWildcard ? "." + name : name, isWildcard);
    }

    /** Returns the form that {@link #parse} reads. */
    @Override
    public String toString() {
        return isWildcard ? "*" + name : name;
    }
}
