package dev.turnout.switching;

import dev.turnout.routing.Service;
import java.util.Optional;
import java.util.Set;

/**
 * Which revisions a caller lets a change start from.
 *
 * @param revisions empty if any will do
 */
public record ExpectedRevision(Optional<Set<Long>> revisions) {

    public ExpectedRevision {
        revisions = revisions.map(Set::copyOf);
    }

    /** Any revision will do. */
    public static ExpectedRevision none() {
        return new ExpectedRevision(Optional.empty());
    }

    /** Throws {@link ChangeRefused} with {@link ChangeRefused.Reason#PRECONDITION_FAILED} unless the revision is one. */
    void check(Service service) {
        if (revisions.isPresent() && !revisions.get().contains(service.revision())) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.PRECONDITION_FAILED,
                    "Service '" + service.name() + "' is at revision " + service.revision() + ", not "
                            + revisions.get() + ": slot " + service.active() + " serves since " + service.since() + " ("
                            + service.why() + "). Nothing was done; look, then ask again.");
        }
    }
}
