package dev.turnout.config;

import java.util.List;

/** The check of the keys under {@code turnout.acme} against each other. */
final class AcmeCheck {

    private final ParsedValues values;
    private final List<HostPattern> hosts;

    /** @param hosts of all services */
    AcmeCheck(ParsedValues values, List<HostPattern> hosts) {
        this.values = values;
        this.hosts = hosts;
    }

    /** Records what is wrong as errors of the values. */
    void run(List<String> warnings) {
        boolean isMeant = values.isGiven(AcmeConfig.DIRECTORY) || values.isGiven(AcmeConfig.EMAIL);
        if (isMeant && !values.find(AcmeConfig.TERMS_AGREED).orElse(false)) {
            values.error(
                    AcmeConfig.TERMS_AGREED,
                    "a certificate authority gives no certificate before you agree to its terms of service; allowed"
                            + " with turnout.acme is true");
        } else if (AcmeConfig.isOn(values)) {
            names(warnings);
            challenge();
            authority();
        } else if (!isMeant) {
            off(warnings);
        }
    }

    private void off(List<String> warnings) {
        AcmeConfig.KEYS.stream()
                .filter(values::isGiven)
                .findFirst()
                .ifPresent(key -> warnings.add("No certificate is ordered although " + key.name()
                        + " has a value: that takes turnout.acme.directory, or turnout.acme.email and"
                        + " turnout.acme.terms-agreed=true."));
    }

    private void names(List<String> warnings) {
        List<HostPattern> given = values.find(AcmeConfig.NAMES).orElse(List.of());
        given.stream()
                .filter(name -> !AcmeConfig.isPublic(name))
                .forEach(name -> values.error(
                        AcmeConfig.NAMES,
                        name + " is no public name, and no authority gives a certificate for it; allowed is a name"
                                + " with a dot, such as shop.example.com"));
        if (given.isEmpty() && !values.isGiven(AcmeConfig.NAMES)) {
            hosts.stream()
                    .filter(host -> !host.isWildcard() && !AcmeConfig.isPublic(host))
                    .forEach(host ->
                            warnings.add("No certificate is ordered for the host " + host + ": it is no public name."));
            if (new AcmeConfig(values, hosts).names().isEmpty()) {
                values.error(
                        AcmeConfig.NAMES,
                        "there is no name to order a certificate for; allowed is turnout.acme.names, or a name in"
                                + " turnout.services.\"NAME\".hosts");
            }
        }
    }

    private void challenge() {
        boolean isDns = values.find(AcmeConfig.CHALLENGE)
                .filter(challenge -> challenge == AcmeChallenge.DNS_01)
                .isPresent();
        boolean hasHook = values.isGiven(AcmeConfig.DNS_HOOK);
        if (isDns && !hasHook) {
            values.error(
                    AcmeConfig.CHALLENGE,
                    "nobody changes the TXT records; allowed with turnout.acme.dns-hook, a program that does");
        }
        if (!isDns && hasHook) {
            values.error(AcmeConfig.DNS_HOOK, "no challenge uses it; allowed with turnout.acme.challenge=dns-01");
        }
        if (!isDns) {
            values.find(AcmeConfig.NAMES).orElse(List.of()).stream()
                    .filter(HostPattern::isWildcard)
                    .forEach(name -> values.error(
                            AcmeConfig.NAMES,
                            name + " is a wildcard, and only the challenge dns-01 proves all names below a domain;"
                                    + " allowed with turnout.acme.challenge=dns-01 and turnout.acme.dns-hook"));
        }
    }

    private void authority() {
        if (values.isGiven(AcmeConfig.EAB_KID) != values.isGiven(AcmeConfig.EAB_KEY_FILE)) {
            Key<?> given = values.isGiven(AcmeConfig.EAB_KID) ? AcmeConfig.EAB_KID : AcmeConfig.EAB_KEY_FILE;
            values.error(
                    given,
                    "an external account has both; allowed with turnout.acme.eab.kid and turnout.acme.eab.key-file");
        }
        AcmeConfig acme = new AcmeConfig(values, hosts);
        if (acme.fallback().isPresent() && acme.fallback().equals(acme.directory())) {
            values.error(AcmeConfig.FALLBACK, "turnout.acme.directory is the same; allowed is another authority");
        }
    }
}
