package dev.turnout.config;

import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * What the operator has named: the keys of each name.
 *
 * @param services those other than {@code default}
 * @param receivers those other than {@code default}
 * @param rules those at the top and those of services
 * @param isDefaultImplied true if service {@code default} is there without targets of its own
 */
record NamedKeys(
        List<ServiceKeys> services,
        List<CertificateKeys> certificates,
        List<ReceiverKeys> receivers,
        List<RuleKeys> rules,
        boolean isDefaultImplied) {

    /**
     * Finds all names in the names of keys and variables. Records illegal names as errors.
     *
     * @param names each name of a key with its place
     */
    static NamedKeys find(SortedMap<String, String> names, Collection<String> variables, List<String> errors) {
        List<ServiceKeys> services = ServiceNames.find(names, variables, errors);
        return new NamedKeys(
                services,
                CertificateNames.find(names, variables, errors),
                ReceiverKeys.find(names, variables, errors),
                RuleKeys.find(names, variables, services, errors),
                !ServiceNames.areConfigured(names, variables));
    }

    /** Returns the keys of names that are no services. */
    Stream<Key<?>> besideServices() {
        return Stream.of(
                        certificates.stream().flatMap(certificate -> certificate.all().stream()),
                        receivers.stream().flatMap(receiver -> receiver.all().stream()),
                        rules.stream().flatMap(rule -> rule.all().stream()))
                .flatMap(keys -> keys);
    }
}
