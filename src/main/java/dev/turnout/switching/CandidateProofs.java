package dev.turnout.switching;

import dev.turnout.health.Gate;
import dev.turnout.routing.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The gates of targets that are to come to a slot with traffic, before any change begins. One that is not healthy keeps
 * nobody from anything. Any thread.
 */
final class CandidateProofs {

    private final Gate gate;
    private final SwitchTimes times;
    private final CompletableFuture<?> stopped;

    /** What ends each gate under way. One for each: what waits for the stop itself stays until then. */
    private final Set<CompletableFuture<Void>> underWay = ConcurrentHashMap.newKeySet();

    private final Map<Candidate, CompletableFuture<Boolean>> proofs = new ConcurrentHashMap<>();

    /** A target that is to come to a service. */
    record Candidate(String service, Target target) {}

    /** @param stopped ends all gates when it completes */
    CandidateProofs(Gate gate, SwitchTimes times, CompletableFuture<?> stopped) {
        this.gate = gate;
        this.times = times;
        this.stopped = stopped;
        stopped.thenRun(() -> underWay.forEach(end -> end.complete(null)));
    }

    /** Returns true if a target has passed its gate. Begins one if none is under way. */
    boolean isGood(Candidate candidate) {
        CompletableFuture<Boolean> proof = proofs.get(candidate);
        if (proof == null || proof.isDone() && !proof.getNow(false)) {
            proofs.put(candidate, begin(candidate));
            return false;
        }
        return proof.getNow(false);
    }

    private CompletableFuture<Boolean> begin(Candidate candidate) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        underWay.add(end);
        if (stopped.isDone()) {
            end.complete(null);
        }
        return gate.prove(
                        candidate.service(),
                        List.of(candidate.target()),
                        times.gate(candidate.service()),
                        probe -> {},
                        end)
                .toCompletableFuture()
                .handle((report, failure) -> {
                    underWay.remove(end);
                    return failure == null && report.passed();
                });
    }

    /** Returns true if the last gate of a target has ended, and was not passed. */
    boolean hasFailed(Candidate candidate) {
        CompletableFuture<Boolean> proof = proofs.get(candidate);
        return proof != null && proof.isDone() && !proof.getNow(false);
    }

    /** Forgets what a target has shown. */
    void forget(Candidate candidate) {
        proofs.remove(candidate);
    }

    /** Forgets all other targets. */
    void retain(Set<Candidate> wanted) {
        proofs.keySet().retainAll(wanted);
    }

    /** Returns the targets of a service that have a gate. */
    List<Candidate> of(String service) {
        return proofs.keySet().stream()
                .filter(candidate -> candidate.service().equals(service))
                .toList();
    }
}
