package dev.turnout.tls;

import dev.turnout.tls.TableBuilder.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The self-signed certificates of names that wait for their first one by ACME. One thread at a time. */
final class StandIns {

    /** The lifetime that a stand-in has left when another one takes its place. */
    private static final Duration LEFT = Duration.ofHours(1);

    private final Map<String, CertificatePair> byName = new TreeMap<>();

    /**
     * Adds a stand-in for each name that nothing else covers.
     *
     * @param awaited the names that get certificates by ACME
     */
    void addTo(TableBuilder builder, Set<String> awaited, ClientAuthPolicy policy, Instant now) {
        byName.keySet().retainAll(awaited);
        for (String name : awaited) {
            if (builder.covers(name)) {
                byName.remove(name);
            } else {
                renew(name, now);
            }
        }
        byName.forEach((name, pair) -> builder.add(new Candidate(pair, CertificateSource.SELF_SIGNED, name, policy)));
    }

    private void renew(String name, Instant now) {
        CertificatePair known = byName.get(name);
        if (known == null || now.plus(LEFT).isAfter(known.chain().notAfter())) {
            byName.put(name, SelfSigned.of(name, now));
        }
    }

    List<CertificateEntry> entries() {
        return byName.values().stream()
                .map(pair -> WatchedPair.entry(pair, CertificateSource.SELF_SIGNED, "Turnout itself", Optional.empty()))
                .toList();
    }

    /** Forgets everything. */
    void clear() {
        byName.clear();
    }
}
