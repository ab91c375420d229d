package dev.turnout.config;

import dev.turnout.routing.Service;
import dev.turnout.routing.VisibleText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The search for services in the names of keys and variables. Rejects illegal names of services. */
final class ServiceNames {

    private static final KeyFamily FAMILY = new KeyFamily(Key.SERVICES);
    private static final Pattern LEGAL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private ServiceNames() {}

    /**
     * Returns the keys of every service but {@code default}, by name.
     *
     * @param names each name of a key with its place
     */
    static List<ServiceKeys> find(
            SortedMap<String, String> names, Collection<String> variables, Collection<String> errors) {
        List<ServiceKeys> found = new ArrayList<>();
        FAMILY.find(names, variables, (name, where) -> illegal(name, where, errors))
                .forEach((name, prefix) -> found.add(new ServiceKeys(name, prefix)));
        return found;
    }

    /**
     * Returns true if the operator has named a service but {@code default}. Services that were given at run time do not
     * count: who adds one of them changes no other service.
     */
    static boolean areConfigured(SortedMap<String, String> names, Collection<String> variables) {
        SortedMap<String, String> configured = new TreeMap<>(names);
        configured.values().removeIf(RunTimeServices::isPlace);
        return !FAMILY.find(configured, variables, (name, where) -> {}).isEmpty();
    }

    private static void illegal(String name, String where, Collection<String> errors) {
        if (name.equals(Service.DEFAULT)) {
            errors.add(where + ": service 'default' is the one of turnout.blue and turnout.green; allowed is any other"
                    + " name.");
        } else if (!isLegal(name)) {
            errors.add(where + ": " + illegal(name));
        }
    }

    /** Returns true if a service may have a name. */
    static boolean isLegal(String name) {
        return LEGAL.matcher(name).matches();
    }

    /** Returns a sentence that says why a name is no name of a service. */
    static String illegal(String name) {
        return "'" + VisibleText.of(name, VisibleText.SHORT) + "' is not the name of a service; allowed are lower-case"
                + " letters, digits and '-' between them, 63 at the most.";
    }
}
