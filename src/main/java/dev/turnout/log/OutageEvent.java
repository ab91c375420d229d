package dev.turnout.log;

import dev.turnout.text.Counted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** The beginning or the end of an outage, of one target or of a whole service. */
public sealed interface OutageEvent {

    /** Returns the name of the service. */
    String service();

    Instant at();

    /** A target went down, or is down and has begun to serve. */
    record TargetDown(String service, Instant at, TargetView target) implements OutageEvent {

        /** Returns how the target went down, in words. */
        public String reason() {
            String probes = Counted.of(target.probes(), "probe", "probes");
            return "after " + probes + (target.reason().isEmpty() ? "" : ": " + target.reason());
        }
    }

    /**
     * A target is up again, or is no target of the service any more.
     *
     * @param isUp false if the target is no target any more
     * @param lasted from the beginning of the outage
     */
    record TargetBack(String service, Instant at, TargetView target, boolean isUp, Duration lasted)
            implements OutageEvent {}

    /**
     * No target that gets requests is up.
     *
     * @param serving the targets that get requests
     */
    record NobodyLeft(String service, Instant at, List<TargetView> serving) implements OutageEvent {

        public NobodyLeft {
            serving = List.copyOf(serving);
        }

        /** Returns why nobody is left, in words. */
        public String reason() {
            return serving.isEmpty()
                    ? "no target is in rotation"
                    : serving.stream()
                            .map(target -> target.target() + " (" + target.slot() + "): " + target.reason())
                            .collect(Collectors.joining("; "));
        }
    }

    /**
     * A target that gets requests is up again, or the service was removed.
     *
     * @param isServed false if the service was removed
     * @param lasted how long the service was without any
     */
    record ServedAgain(String service, Instant at, boolean isServed, Duration lasted) implements OutageEvent {}
}
