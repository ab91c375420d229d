package dev.turnout.switching;

import dev.turnout.routing.Service;
import java.util.Optional;
import java.util.Set;

/**
 * The revisions that a caller lets a change start from.
 *
 * @param revisions empty if the change may start from any revision
 */
public record ExpectedRevision(Optional<Set<Long>> revisions) {

    public ExpectedRevision {
        revisions = revisions.map(Set::copyOf);
    }

    /** Returns the expectation that every revision meets. */
    public static ExpectedRevision none() {
        return new ExpectedRevision(Optional.empty());
    }

    /**
     * Checks that a service is at one of the revisions.
     *
     * @throws ChangeRefused with {@link ChangeRefused.Reason#PRECONDITION_FAILED} if the service is at another revision
     */
    void check(Service service) {
        if (revisions.isPresent() && !revisions.get().contains(service.revision())) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.PRECONDITION_FAILED,
                    "Service '" + service.name() + "' is at revision " + service.revision() + ", not "
                            + revisions.get() + ": slot " + service.active() + " serves since " + service.since() + " ("
                            + service.why() + "). Nothing was done; look, then ask again.");
        }
    }

    /**
     * Checks that a service need not be there. One that is not there is at no revision.
     *
     * @throws ChangeRefused with {@link ChangeRefused.Reason#PRECONDITION_FAILED} if the caller names a revision
     */
    void checkAbsent(String service) {
        if (revisions.isPresent()) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.PRECONDITION_FAILED,
                    "Service '" + service + "' does not exist, so it is at no revision of " + revisions.get()
                            + ". Nothing was done; look, then ask again.");
        }
    }
}
