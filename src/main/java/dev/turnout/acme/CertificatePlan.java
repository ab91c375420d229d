package dev.turnout.acme;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A certificate that there should be.
 *
 * @param folder the name of its folder
 * @param names what it is for; at least one
 */
record CertificatePlan(String folder, List<String> names) {

    /** The most names that certificate authorities take in one order. */
    private static final int MOST_NAMES = 100;

    /** The kind of a DNS name among the alternative names of a certificate (RFC 5280, section 4.2.1.6). */
    private static final int DNS_NAME = 2;

    CertificatePlan {
        names = List.copyOf(names);
    }

    /** Returns the certificates for some names: one each, or as few as possible. */
    static List<CertificatePlan> of(List<String> names, boolean isBundle) {
        return isBundle
                ? bundles(names)
                : names.stream().map(CertificatePlan::single).toList();
    }

    private static CertificatePlan single(String name) {
        return new CertificatePlan(name.replace('*', '_'), List.of(name));
    }

    private static List<CertificatePlan> bundles(List<String> names) {
        List<CertificatePlan> bundles = new ArrayList<>();
        for (int from = 0; from < names.size(); from += MOST_NAMES) {
            String folder = bundles.isEmpty() ? "bundle" : "bundle-" + (bundles.size() + 1);
            bundles.add(new CertificatePlan(folder, names.subList(from, Math.min(names.size(), from + MOST_NAMES))));
        }
        return bundles;
    }

    /** Returns true if a certificate is for every name. */
    boolean isCoveredBy(X509Certificate certificate) {
        try {
            Set<Object> named = new HashSet<>();
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.stream()
                        .filter(alternative -> Integer.valueOf(DNS_NAME).equals(alternative.get(0)))
                        .forEach(alternative -> named.add(alternative.get(1)));
            }
            return named.containsAll(names);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** Returns the names for people. */
    @Override
    public String toString() {
        return names.size() <= 3 ? String.join(", ", names) : names.get(0) + " and " + (names.size() - 1) + " more";
    }
}
