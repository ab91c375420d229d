package dev.turnout.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The check of names. Rejects unknown keys, so that a misspelt key is not silently ignored. */
final class NameCheck {

    private static final List<String> OF_ANY_SERVICE = new ServiceKeys("NAME", Key.NAME_SERVICE)
            .all().stream().map(Key::name).toList();

    /** Variables that the command line reads. */
    private static final Set<String> OF_THE_COMMAND_LINE =
            Set.of("TURNOUT_URL", "TURNOUT_RUN", "TURNOUT_CA_FILE", "TURNOUT_CERT_FILE", "TURNOUT_KEY_FILE");

    private final List<Key<?>> known = new ArrayList<>(Keys.AT_TOP);

    /** What a service can't have of its own, as if it could, and the key at the top by that. */
    private final Map<Key<?>, Key<?>> atTopOnly = new LinkedHashMap<>();

    /** The names that keys of services would have by those at the top, and the names that they have. */
    private final Map<String, String> renamed = new HashMap<>();

    NameCheck(NamedKeys named) {
        named.services().forEach(service -> {
            known.addAll(service.all());
            Keys.ALL.stream()
                    .filter(Key::isRenamedInServices)
                    .forEach(key -> renamed.put(
                            service.prefix() + key.name().substring(Key.TOP.length()),
                            service.own(key).name()));
            Keys.ALL.stream().filter(Key::isAtTopOnly).forEach(key -> atTopOnly.put(key.in(service.prefix()), key));
        });
        named.besideServices().forEach(known::add);
    }

    /**
     * Checks names in files and system properties. Each name has to be a key.
     *
     * @param names each name with its place
     */
    void names(SortedMap<String, String> names, List<String> errors) {
        Set<String> known = spelt(Key::name);
        Map<String, Key<?>> atTopOnly = byName(Key::name);
        names.forEach((name, source) -> {
            int bracket = name.indexOf('[');
            if (bracket > 0 && known.contains(name.substring(0, bracket))) {
                errors.add(name + " (" + source + "): a list stands in one line: " + name.substring(0, bracket)
                        + "=..., with commas between its parts.");
            } else if (atTopOnly.containsKey(name)) {
                errors.add(name + " (" + source + ") can't be given for one service: " + why(atTopOnly.get(name))
                        + "; allowed is " + atTopOnly.get(name).name() + ".");
            } else if (!known.contains(name)) {
                errors.add(name + " (" + source + ") is not a key of Turnout" + meant(name, known));
            }
        });
    }

    /** Returns the known names in their order: what several of them are near to is said to be the first. */
    private Set<String> spelt(Function<Key<?>, String> spelling) {
        return known.stream().map(spelling).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Map<String, Key<?>> byName(Function<Key<?>, String> spelling) {
        Map<String, Key<?>> byName = new HashMap<>();
        atTopOnly.forEach((ofService, atTop) -> byName.put(spelling.apply(ofService), atTop));
        return byName;
    }

    private static String why(Key<?> atTop) {
        return atTop.scope().whyNotInService().orElseThrow();
    }

    private String meant(String name, Set<String> known) {
        // A name may stand with or without quotes, but a service is written in one form only.
        String otherQuotes = name.indexOf('"') >= 0
                ? name.replace("\"", "")
                : name.replaceFirst("^(turnout\\.services\\.)([^.]+)", "$1\"$2\"");
        Optional<String> nearest = Optional.ofNullable(renamed.get(name))
                .or(() -> known.contains(otherQuotes) ? Optional.of(otherQuotes) : Spelling.nearest(name, known));
        if (nearest.isPresent()) {
            return "; did you mean " + nearest.get() + "?";
        }
        List<String> sameEnd = Spelling.sameLastWord(name, known);
        if (sameEnd.isEmpty()) {
            sameEnd = Spelling.sameLastWord(name, OF_ANY_SERVICE);
        }
        return sameEnd.isEmpty() ? "." : "; did you mean " + String.join(" or ", sameEnd) + "?";
    }

    private Optional<String> renamed(String variable) {
        return renamed.entrySet().stream()
                .filter(name -> Spelling.variable(name.getKey()).equals(variable))
                .map(name -> Spelling.variable(name.getValue()))
                .findFirst();
    }

    /** Checks environment variables. Platforms and scripts set other variables, so only a near miss is an error. */
    void variables(SortedSet<String> variables, List<String> errors, List<String> warnings) {
        if (variables.isEmpty()) {
            return;
        }
        Set<String> known = spelt(Key::variable);
        Map<String, Key<?>> atTopOnly = byName(Key::variable);
        List<String> unknown = new ArrayList<>();
        variables.stream()
                .filter(variable -> !known.contains(variable) && !OF_THE_COMMAND_LINE.contains(variable))
                .forEach(variable -> {
                    Optional<String> meant = renamed(variable).or(() -> Spelling.nearest(variable, known));
                    if (atTopOnly.containsKey(variable)) {
                        errors.add("The environment variable " + variable + " can't be given for one service: "
                                + why(atTopOnly.get(variable)) + "; allowed is "
                                + atTopOnly.get(variable).variable() + ".");
                    } else if (meant.isPresent()) {
                        errors.add("The environment variable " + variable + " is not a key of Turnout; did you mean "
                                + meant.get() + "?");
                    } else if (variable.startsWith("TURNOUT_TLS_CERTIFICATES__")) {
                        errors.add("The environment variable " + variable
                                + " is not a key of a certificate. A certificate whose name is more than letters and"
                                + " digits has to be named in a file or a system property too.");
                    } else if (variable.startsWith("TURNOUT_NOTIFY_RECEIVERS__")) {
                        errors.add("The environment variable " + variable
                                + " is not a key of a receiver. A receiver whose name is more than letters and digits"
                                + " has to be named in a file or a system property too.");
                    } else if (variable.startsWith("TURNOUT_RULES__")) {
                        errors.add("The environment variable " + variable
                                + " is not a key of a rule. A rule whose name is more than letters and digits has to be"
                                + " named in a file or a system property too.");
                    } else if (variable.startsWith("TURNOUT_SERVICES__")) {
                        errors.add("The environment variable " + variable
                                + " is not a key of a service. A service whose name is"
                                + " more than letters and digits has to be named in a file or a system property too.");
                    } else {
                        unknown.add(variable);
                    }
                });
        if (!unknown.isEmpty()) {
            warnings.add("Environment variables that are not keys of Turnout, and have no effect: "
                    + String.join(", ", unknown));
        }
    }
}
