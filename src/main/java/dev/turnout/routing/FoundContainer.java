package dev.turnout.routing;

import java.util.Optional;

/**
 * A running container whose labels ask for a place in a slot.
 *
 * @param id the engine's identifier, which stays when the container is started again
 * @param name what people call it
 * @param service the name of the service that it asks for
 * @param place the slot that it asks for
 * @param target where it is; empty if that is not known
 * @param trouble why it can't be a target, as a clause; empty if it can
 */
public record FoundContainer(
        String id, String name, String service, Place place, Optional<Target> target, Optional<String> trouble) {

    /** Which slot a container asks for. */
    public enum Place {
        BLUE,
        GREEN,
        /** The slot that does not serve when the container is seen first. */
        IDLE,
        /** The slot that serves when the container is seen first. */
        ACTIVE;

        /** Returns the slot of a service that is meant. */
        public Slot in(Service service) {
            return switch (this) {
                case BLUE -> Slot.BLUE;
                case GREEN -> Slot.GREEN;
                case IDLE -> service.idle();
                case ACTIVE -> service.active();
            };
        }
    }

    public FoundContainer {
        if (target.isPresent() == trouble.isPresent()) {
            throw new IllegalArgumentException("a container has a target or a trouble");
        }
    }
}
