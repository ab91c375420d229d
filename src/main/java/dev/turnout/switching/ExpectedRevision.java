package dev.turnout.switching;

import dev.turnout.routing.Service;
import java.util.Optional;
import java.util.Set;

/**
 * The revisions that a caller lets a change start from.
 *
 * @param isOfExisting whether the service has to exist
 * @param revisions empty if the change may start from any revision
 */
public record ExpectedRevision(boolean isOfExisting, Optional<Set<Long>> revisions) {

    public ExpectedRevision {
        revisions = revisions.map(Set::copyOf);
    }

    /** Returns the expectation that is always met. */
    public static ExpectedRevision none() {
        return new ExpectedRevision(false, Optional.empty());
    }

    /** Returns the expectation that every service meets that exists. */
    public static ExpectedRevision any() {
        return new ExpectedRevision(true, Optional.empty());
    }

    /** Returns the expectation that a service meets at one of the revisions. */
    public static ExpectedRevision of(Set<Long> revisions) {
        return new ExpectedRevision(true, Optional.of(revisions));
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
     * Checks that a service need not exist. One that does not exist is at no revision.
     *
     * @throws ChangeRefused with {@link ChangeRefused.Reason#PRECONDITION_FAILED} if the service has to exist
     */
    void checkAbsent(String service) {
        if (isOfExisting) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.PRECONDITION_FAILED,
                    "Service '" + service + "' does not exist, so it is at no revision of "
                            + revisions.map(Object::toString).orElse("its own")
                            + ". Nothing was done; look, then ask again.");
        }
    }
}
