package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import dev.turnout.tls.Choice.Serve;
import dev.turnout.tls.HandshakeTable.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The making of a table from certificates. Of several certificates of one kind for a name a valid one wins, then the
 * source, then the later end. If they have different policies, the strictest holds for the name.
 */
final class TableBuilder {

    /** A certificate of this label is the default. */
    private static final String DEFAULT = "default";

    /** @param policy what holds for hosts without their own policy */
    record Candidate(CertificatePair pair, CertificateSource source, String label, ClientAuthPolicy policy) {}

    private final ContextCache contexts;
    private final Instant now;
    private final List<Candidate> candidates = new ArrayList<>();
    private final Map<String, List<Candidate>> byName = new TreeMap<>();
    private final Map<String, ClientAuthPolicy> hostPolicies = new TreeMap<>();
    private final Set<TlsText> refusals = new LinkedHashSet<>();

    TableBuilder(ContextCache contexts, Instant now) {
        this.contexts = contexts;
        this.now = now;
    }

    void add(Candidate candidate) {
        candidates.add(candidate);
        candidate.pair().names().forEach(name -> byName.computeIfAbsent(name, none -> new ArrayList<>())
                .add(candidate));
    }

    /** Gives a host a policy, whichever certificate is for it. */
    void policy(String host, ClientAuthPolicy policy) {
        hostPolicies.put(host, policy);
    }

    /** Returns true if a certificate is for a name. */
    boolean covers(String name) {
        return byName.containsKey(name) || byName.containsKey(wildcard(name));
    }

    /** Returns the wildcard that a certificate for a name may have instead. */
    static String wildcard(String name) {
        return "*" + name.substring(Math.max(name.indexOf('.'), 0));
    }

    /**
     * Makes the table. A name whose certificate the engine refuses keeps what it had, and a name that had nothing gets
     * nothing: another certificate could ask less of clients.
     *
     * @param before the table in use
     */
    HandshakeTable build(boolean isStrict, HandshakeTable before) {
        List<Candidate> byDefault = byDefault();
        hostPolicies.keySet().forEach(host -> {
            List<Candidate> covering = byName.getOrDefault(wildcard(host), byDefault);
            if (!byName.containsKey(host) && !covering.isEmpty()) {
                byName.put(host, covering);
            }
        });
        Map<String, Slot> slots = new TreeMap<>();
        for (Map.Entry<String, List<Candidate>> entry : byName.entrySet()) {
            String name = entry.getKey();
            slots.put(
                    name, slot(entry.getValue(), Optional.ofNullable(hostPolicies.get(name)), () -> before.slot(name)));
        }
        Slot ofDefault = byDefault.isEmpty() ? null : slot(byDefault, Optional.empty(), before::slotOfDefault);
        return new HandshakeTable(slots, ofDefault, isStrict);
    }

    /** Returns why certificates are not in the table, a sentence for each. */
    Collection<TlsText> refusals() {
        return refusals;
    }

    /** Returns the default certificate, with the certificates for the same name. */
    private List<Candidate> byDefault() {
        Optional<Candidate> first = candidates.stream()
                .min(Comparator.comparing(
                                (Candidate candidate) -> !candidate.label().equals(DEFAULT))
                        .thenComparing(candidate -> !candidate.pair().isValid(now))
                        .thenComparing(Candidate::source));
        return first.map(candidate -> candidate.pair().names().stream()
                        .findFirst()
                        .map(name -> byName.getOrDefault(name, List.of()))
                        .filter(same -> !candidate.label().equals(DEFAULT) || same.size() == 1)
                        .orElse(List.of(candidate)))
                .orElse(List.of());
    }

    /** @param before returns what is served until now, if anything is */
    private Slot slot(List<Candidate> candidates, Optional<ClientAuthPolicy> ofHost, Supplier<@Nullable Slot> before) {
        ClientAuthPolicy policy = ofHost.orElseGet(() -> strictest(candidates));
        try {
            return slot(candidates, policy);
        } catch (UnusablePair e) {
            refusals.add(e.reason());
            Slot kept = before.get();
            if (kept == null) {
                return new Slot(null, null, policy);
            }
            Stream.of(Optional.ofNullable(kept.ec()), Optional.ofNullable(kept.rsa()))
                    .flatMap(Optional::stream)
                    .forEach(serve -> contexts.keep(serve.context()));
            return kept;
        }
    }

    private Slot slot(List<Candidate> candidates, ClientAuthPolicy policy) throws UnusablePair {
        boolean isOneValid =
                candidates.stream().anyMatch(candidate -> candidate.pair().isValid(now));
        List<Candidate> usable = candidates.stream()
                .filter(candidate -> !isOneValid || candidate.pair().isValid(now))
                .toList();
        return new Slot(serve(usable, true, policy), serve(usable, false, policy), policy);
    }

    private static ClientAuthPolicy strictest(List<Candidate> candidates) {
        return candidates.stream()
                .map(Candidate::policy)
                .max(Comparator.comparing(ClientAuthPolicy::demand))
                .orElse(ClientAuthPolicy.NONE);
    }

    private @Nullable Serve serve(List<Candidate> usable, boolean isEc, ClientAuthPolicy policy) throws UnusablePair {
        Optional<Candidate> best = usable.stream()
                .filter(candidate -> candidate.pair().isEc() == isEc)
                .min(Comparator.comparing(Candidate::source)
                        .thenComparing(candidate -> candidate.pair().chain().notAfter(), Comparator.reverseOrder()));
        return best.isPresent() ? serve(best.get().pair(), policy) : null;
    }

    private Serve serve(CertificatePair pair, ClientAuthPolicy policy) throws UnusablePair {
        try {
            return new Serve(contexts.get(pair, policy), policy, new CoveredNames(pair.names()), false);
        } catch (UnusablePair e) {
            throw new UnusablePair(TlsText.of(TlsFinding.CERTIFICATE_FOR, "names", String.join(", ", pair.names()))
                    .then(e.reason()));
        }
    }
}
