package dev.turnout.config;

import dev.turnout.routing.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The search for services in the names of keys and variables. Rejects illegal names of services. */
final class ServiceNames {

    private static final Pattern KEY = Pattern.compile("turnout\\.services\\.(?:\"([^\"]*)\"|([^.\"]*))\\..+");
    private static final Pattern VARIABLE = Pattern.compile("TURNOUT_SERVICES__([A-Z0-9]+)__.+");
    private static final Pattern LEGAL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private ServiceNames() {}

    /**
     * Returns the keys of every service but {@code default}, by name.
     *
     * @param names each name of a key with its place
     */
    static List<ServiceKeys> find(
            SortedMap<String, String> names, Collection<String> variables, Collection<String> errors) {
        Map<String, String> prefixes = new TreeMap<>();
        names.forEach((key, source) -> {
            Matcher matcher = KEY.matcher(key);
            if (matcher.matches()) {
                String name = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
                String prefix = matcher.group(1) != null ? quoted(name) : Key.SERVICES + name + ".";
                if (prefixes.putIfAbsent(name, prefix) == null) {
                    illegal(name, key + " (" + source + ")", errors);
                }
            }
        });
        for (String variable : variables) {
            Matcher matcher = VARIABLE.matcher(variable);
            if (matcher.matches()) {
                String name = matcher.group(1).toLowerCase(Locale.ROOT);
                if (prefixes.putIfAbsent(name, quoted(name)) == null) {
                    illegal(name, "The environment variable " + variable, errors);
                }
            }
        }
        List<ServiceKeys> services = new ArrayList<>();
        prefixes.forEach((name, prefix) -> services.add(new ServiceKeys(name, prefix)));
        return services;
    }

    private static String quoted(String name) {
        return Key.SERVICES + "\"" + name + "\".";
    }

    private static void illegal(String name, String where, Collection<String> errors) {
        if (name.equals(Service.DEFAULT)) {
            errors.add(where + ": service 'default' is the one of turnout.blue and turnout.green; allowed is any other"
                    + " name.");
        } else if (!LEGAL.matcher(name).matches()) {
            errors.add(where + ": '" + name + "' is not the name of a service; allowed are lower-case letters, digits"
                    + " and '-' between them, 63 at the most.");
        }
    }
}
