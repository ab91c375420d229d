package dev.turnout.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** The search for certificates in the names of keys and variables. Rejects illegal names of certificates. */
final class CertificateNames {

    private static final KeyFamily FAMILY = new KeyFamily(Key.CERTIFICATES);
    private static final Pattern LEGAL = Pattern.compile("(\\*\\.)?[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?");

    private CertificateNames() {}

    /**
     * Returns the keys of every certificate, by name.
     *
     * @param names each name of a key with its place
     */
    static List<CertificateKeys> find(
            SortedMap<String, String> names, Collection<String> variables, Collection<String> errors) {
        List<CertificateKeys> found = new ArrayList<>();
        FAMILY.find(names, variables, (name, where) -> illegal(name, where, errors))
                .forEach((name, prefix) -> found.add(new CertificateKeys(name, prefix)));
        return found;
    }

    private static void illegal(String name, String where, Collection<String> errors) {
        if (!LEGAL.matcher(name).matches()) {
            errors.add(
                    where + ": '" + name + "' is not the name of a certificate; allowed are a host name, or lower-case"
                            + " letters, digits, '.', '_' and '-' between them.");
        }
    }
}
