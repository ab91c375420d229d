package dev.turnout.nginx;

import java.util.Collections;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The processes of an nginx at one moment.
 *
 * @param master its process id
 * @param serving ids of the workers that take connections
 * @param leaving ids of the workers of earlier configurations, that only finish their requests
 */
record WorkerGeneration(long master, Set<Long> serving, Set<Long> leaving) {

    /** Returns true if every worker that takes connections here was started after an earlier moment. */
    boolean hasReplaced(WorkerGeneration earlier) {
        return !serving.isEmpty() && Collections.disjoint(serving, earlier.serving());
    }

    Set<Long> workers() {
        return Stream.concat(serving.stream(), leaving.stream()).collect(Collectors.toUnmodifiableSet());
    }
}
