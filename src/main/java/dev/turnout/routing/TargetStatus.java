package dev.turnout.routing;

import java.util.Collection;
import java.util.Set;

/** What a plane that chooses among targets knows about each target. Any thread. No method blocks. */
public interface TargetStatus {

    /** The status of a plane that does not choose among targets by their health. */
    TargetStatus NONE = new TargetStatus() {
        @Override
        public void proved(String service, Collection<Target> targets) {}

        @Override
        public void probed(String service, Target target, boolean good, boolean isDown) {}

        @Override
        public Set<Target> suspended(String service) {
            return Set.of();
        }
    };

    /** Called when targets have passed a gate. Ends what a drain has begun: requests may ask for their slot again. */
    void proved(String service, Collection<Target> targets);

    /**
     * Called when a target was probed. The plane prefers targets that work; the rotation does not change.
     *
     * @param good whether this probe was answered well
     * @param isDown whether the probes so far say that the target is down
     */
    void probed(String service, Target target, boolean good, boolean isDown);

    /**
     * Returns the targets in rotation that get no new requests now. Connections to them fail, or probes find them down,
     * while another target in rotation works. Never returns all targets in rotation.
     */
    Set<Target> suspended(String service);
}
