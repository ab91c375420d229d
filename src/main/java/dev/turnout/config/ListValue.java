package dev.turnout.config;

import java.util.List;

/** A list as the value of a key, in the form in which it stands in a configuration file. */
public final class ListValue {

    private ListValue() {}

    /**
     * Returns the parts as one text, with what stands between the parts of a list of this key.
     *
     * @param name the name of a key, with its prefix or without it
     */
    public static String of(String name, List<String> parts) {
        String separator = Keys.ALL.stream()
                .filter(key -> NamedPaths.isOf(name, key.path()))
                .map(key -> key.type().separator())
                .findFirst()
                .orElse(ValueType.COMMA);
        return String.join(separator, parts);
    }
}
