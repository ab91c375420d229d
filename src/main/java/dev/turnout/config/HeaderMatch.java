package dev.turnout.config;

/**
 * What a field has to be like for a rule.
 *
 * @param name the name of the field
 * @param glob what its value has to look like, where {@code *} stands for any characters; {@code *} for any value
 */
public record HeaderMatch(String name, String glob) {

    /** Reads {@code Name}, or {@code Name: value}. */
    static HeaderMatch parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String glob = colon < 0 ? "*" : text.substring(colon + 1).strip();
        if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}") || glob.isEmpty() || !Glob.isLegal(glob)) {
            throw new IllegalArgumentException("'" + text + "' is not a field with a value");
        }
        return new HeaderMatch(name, glob);
    }
}
