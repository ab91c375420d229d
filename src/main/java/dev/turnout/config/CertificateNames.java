package dev.turnout.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The search for certificates in the names of keys and variables. Rejects illegal names of certificates. */
final class CertificateNames {

    private static final Pattern KEY =
            Pattern.compile("turnout\\.tls\\.certificates\\.(?:\"([^\"]*)\"|([^.\"]*))\\..+");
    private static final Pattern VARIABLE = Pattern.compile("TURNOUT_TLS_CERTIFICATES__([A-Z0-9]+)__.+");
    private static final Pattern LEGAL = Pattern.compile("(\\*\\.)?[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?");

    private CertificateNames() {}

    /**
     * Returns the keys of every certificate, by name.
     *
     * @param names each name of a key with its place
     */
    static List<CertificateKeys> find(
            SortedMap<String, String> names, Collection<String> variables, Collection<String> errors) {
        Map<String, String> prefixes = new TreeMap<>();
        names.forEach((key, source) -> {
            Matcher matcher = KEY.matcher(key);
            if (matcher.matches()) {
                String name = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
                String prefix = matcher.group(1) != null ? quoted(name) : Key.CERTIFICATES + name + ".";
                if (prefixes.putIfAbsent(name, prefix) == null) {
                    illegal(name, key + " (" + source + ")", errors);
                }
            }
        });
        for (String variable : variables) {
            Matcher matcher = VARIABLE.matcher(variable);
            if (matcher.matches()) {
                String name = matcher.group(1).toLowerCase(Locale.ROOT);
                prefixes.putIfAbsent(name, quoted(name));
            }
        }
        List<CertificateKeys> certificates = new ArrayList<>();
        prefixes.forEach((name, prefix) -> certificates.add(new CertificateKeys(name, prefix)));
        return certificates;
    }

    private static String quoted(String name) {
        return Key.CERTIFICATES + "\"" + name + "\".";
    }

    private static void illegal(String name, String where, Collection<String> errors) {
        if (!LEGAL.matcher(name).matches()) {
            errors.add(
                    where + ": '" + name + "' is not the name of a certificate; allowed are a host name, or lower-case"
                            + " letters, digits, '.', '_' and '-' between them.");
        }
    }
}
