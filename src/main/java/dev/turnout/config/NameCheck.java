package dev.turnout.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** Finds names that are no keys: a misspelt key would otherwise be a wish that nobody hears. */
final class NameCheck {

    private NameCheck() {}

    /**
     * Names in files and system properties: each has to be a key.
     *
     * @param names with the place where each stands
     */
    static void names(SortedMap<String, String> names, List<String> errors) {
        List<String> known = Key.ALL.stream().map(Key::name).toList();
        names.forEach((name, source) -> {
            int bracket = name.indexOf('[');
            if (bracket > 0 && known.contains(name.substring(0, bracket))) {
                errors.add(name + " (" + source + "): a list stands in one line: " + name.substring(0, bracket)
                        + "=..., with commas between its parts.");
            } else if (!known.contains(name)) {
                errors.add(name + " (" + source + ") is not a key of Turnout" + meant(name, known));
            }
        });
    }

    private static String meant(String name, List<String> known) {
        Optional<String> nearest = Spelling.nearest(name, known);
        if (nearest.isPresent()) {
            return "; did you mean " + nearest.get() + "?";
        }
        List<String> sameEnd = Spelling.sameLastWord(name, known);
        return sameEnd.isEmpty() ? "." : "; did you mean " + String.join(" or ", sameEnd) + "?";
    }

    /** Container platforms and scripts set variables of their own: only what is nearly a key must be a slip. */
    static void variables(SortedSet<String> variables, List<String> errors, List<String> warnings) {
        List<String> known = Key.ALL.stream().map(Key::variable).toList();
        List<String> strange = new ArrayList<>();
        for (String variable : variables) {
            if (!known.contains(variable)) {
                Spelling.nearest(variable, known)
                        .ifPresentOrElse(
                                meant -> errors.add("The environment variable " + variable
                                        + " is not a key of Turnout; did you mean " + meant + "?"),
                                () -> strange.add(variable));
            }
        }
        if (!strange.isEmpty()) {
            warnings.add("Environment variables that are not keys of Turnout, and have no effect: "
                    + String.join(", ", strange));
        }
    }
}
