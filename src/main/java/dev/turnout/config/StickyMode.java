package dev.turnout.config;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whether clients are kept at their targets, and by which cookie.
 *
 * @param word {@code off}, {@code cookie}, or the name of an application's cookie
 */
public record StickyMode(String word) {

    private static final String OFF = "off";
    private static final String OWN = "cookie";

    /** Words that look like a switch, and would be names of cookies. */
    private static final Set<String> NO_NAMES = Set.of("on", "true", "false", "yes", "no");

    static StickyMode parse(String text) {
        boolean isName = text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}")
                && !NO_NAMES.contains(text.toLowerCase(Locale.ROOT))
                && !text.startsWith("turnout_");
        if (!isName) {
            throw new IllegalArgumentException();
        }
        return new StickyMode(text);
    }

    /** Returns true if clients are not kept. */
    public boolean isOff() {
        return word.equals(OFF);
    }

    /** Returns the name of the application's cookie that begins a session; empty if every client is kept. */
    public Optional<String> follows() {
        return word.equals(OFF) || word.equals(OWN) ? Optional.empty() : Optional.of(word);
    }
}
