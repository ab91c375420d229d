package dev.turnout.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * The keys of one rule, at the top or of a service.
 *
 * @param owner the prefix of the service that has the rule; {@link Key#TOP} for a rule of all services
 * @param rule the name of the rule
 * @param prefix what the keys begin with
 */
record RuleKeys(String owner, String rule, String prefix) {

    /** The order of rules: by the number that a name begins with, then by name. A name without a number comes last. */
    static final Comparator<String> ORDER =
            Comparator.comparingLong(RuleKeys::number).thenComparing(Comparator.naturalOrder());

    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?");
    private static final int MOST_DIGITS = 15;

    private static long number(String name) {
        int end = 0;
        while (end < name.length() && end < MOST_DIGITS && Character.isDigit(name.charAt(end))) {
            end++;
        }
        return end == 0 ? Long.MAX_VALUE : Long.parseLong(name.substring(0, end));
    }

    /**
     * Returns the keys of every rule, at the top and in services. Rejects illegal names.
     *
     * @param names each name of a key with its place
     */
    static List<RuleKeys> find(
            SortedMap<String, String> names,
            Collection<String> variables,
            List<ServiceKeys> services,
            Collection<String> errors) {
        List<RuleKeys> found = new ArrayList<>(find(Key.TOP, names, variables, errors));
        services.forEach(service -> found.addAll(find(service.prefix(), names, variables, errors)));
        return found;
    }

    private static List<RuleKeys> find(
            String owner, SortedMap<String, String> names, Collection<String> variables, Collection<String> errors) {
        List<RuleKeys> found = new ArrayList<>();
        new KeyFamily(owner + Key.RULES)
                .find(names, variables, (name, where) -> illegal(name, where, errors))
                .forEach((name, prefix) -> found.add(new RuleKeys(owner, name, prefix)));
        return found;
    }

    private static void illegal(String name, String where, Collection<String> errors) {
        if (!LEGAL.matcher(name).matches()) {
            errors.add(
                    where + ": '" + name + "' is not the name of a rule; allowed are letters, digits, and '_' and '-'"
                            + " between them, such as 10-www.");
        }
    }

    /** Returns what stands for a key of the table in this rule. */
    <T> Key<T> own(Key<T> key) {
        return key.in(prefix);
    }

    /** Returns every key of this rule. */
    List<Key<?>> all() {
        return RuleConfig.KEYS.stream().<Key<?>>map(this::own).toList();
    }
}
