package dev.turnout.tls;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** The names of subjects and issuers in certificates. */
final class DistinguishedName {

    private DistinguishedName() {}

    /** Returns the common name with the organization before it, if there are any, or the whole name. */
    static String shortForm(X500Principal name) {
        String organization = part(name, "O").orElse("");
        String common = part(name, "CN").orElse("");
        String both = (organization + " " + common).strip();
        return both.isEmpty() ? name.getName() : both;
    }

    /** Returns the common name in lower case. */
    static Optional<String> commonName(X500Principal name) {
        return part(name, "CN").map(text -> text.toLowerCase(Locale.ROOT));
    }

    private static Optional<String> part(X500Principal name, String type) {
        return parts(name)
                .filter(part -> part.getType().equalsIgnoreCase(type))
                .map(part -> part.getValue().toString())
                .findFirst();
    }

    private static Stream<Rdn> parts(X500Principal name) {
        try {
            return new LdapName(name.getName()).getRdns().stream();
        } catch (InvalidNameException e) {
            return Stream.empty();
        }
    }
}
