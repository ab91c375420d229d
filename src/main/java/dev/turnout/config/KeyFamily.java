package dev.turnout.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys with a name of the operator's choice in them, such as {@code turnout.services."shop".blue}, and the variables that
 * stand for them.
 */
final class KeyFamily {

    private final String prefix;
    private final Pattern key;
    private final Pattern variable;

    /** @param prefix what stands before the name, such as {@code turnout.services.} */
    KeyFamily(String prefix) {
        this.prefix = prefix;
        this.key = Pattern.compile(Pattern.quote(prefix) + "(?:\"([^\"]*)\"|([^.\"]*))\\..+");
        this.variable = Pattern.compile(Spelling.variable(prefix) + "_([A-Z0-9]+)__.+");
    }

    /** Told of each name once, with the place where it stands first. */
    @FunctionalInterface
    interface Listener {

        void found(String name, String where);
    }

    /**
     * Returns the prefix of the keys of each name, by name.
     *
     * @param names each name of a key with its place
     */
    Map<String, String> find(SortedMap<String, String> names, Collection<String> variables, Listener listener) {
        Map<String, String> prefixes = new TreeMap<>();
        names.forEach((name, source) -> {
            Matcher matcher = key.matcher(name);
            if (matcher.matches()) {
                boolean isQuoted = matcher.group(1) != null;
                String found = isQuoted ? matcher.group(1) : matcher.group(2);
                if (prefixes.putIfAbsent(found, isQuoted ? quoted(found) : prefix + found + ".") == null) {
                    listener.found(found, name + " (" + source + ")");
                }
            }
        });
        for (String name : variables) {
            Matcher matcher = variable.matcher(name);
            if (matcher.matches()) {
                String found = matcher.group(1).toLowerCase(Locale.ROOT);
                if (prefixes.putIfAbsent(found, quoted(found)) == null) {
                    listener.found(found, "The environment variable " + name);
                }
            }
        }
        return prefixes;
    }

    private String quoted(String name) {
        return prefix + "\"" + name + "\".";
    }
}
