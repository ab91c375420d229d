package dev.turnout.switching;

import dev.turnout.routing.FoundContainer;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.switching.SeenContainers.Seen;
import java.util.Optional;

/**
 * The place of a target that another container had, at an address that a new container has now: requests of that place
 * reach the new container.
 *
 * @param service whose target it is
 * @param slot that it is in
 */
record TakenAddress(String service, Slot slot) {

    /**
     * Returns the place that has the address of a container, but not the one that the container asks for.
     *
     * <p>A target that no other container had is what an operator wants. So is the place of a container that was seen with
     * this address before.
     *
     * @param asked the slot that the container asks for
     * @return empty if requests reach the container at its own place only
     */
    static Optional<TakenAddress> of(
            FoundContainer container, Target target, Slot asked, RoutingState state, SeenContainers seen) {
        if (seen.of(container.id()).map(Seen::target).filter(target::equals).isPresent()) {
            return Optional.empty();
        }
        return state.services().values().stream()
                .flatMap(
                        service -> slotOf(service, target).map(slot -> new TakenAddress(service.name(), slot)).stream())
                .filter(place -> !place.equals(new TakenAddress(container.service(), asked)))
                .filter(place -> seen.hasOther(container.id(), place.service(), target))
                .findFirst();
    }

    /** Returns the slot of a service that has an address; empty if none has. */
    static Optional<Slot> slotOf(Service service, Target target) {
        for (Slot slot : Slot.values()) {
            if (service.pool(slot).targets().stream().anyMatch(target::isAtPlaceOf)) {
                return Optional.of(slot);
            }
        }
        return Optional.empty();
    }

    /** Returns why the container is no target, as a clause. */
    String reason(FoundContainer container, Target target) {
        boolean isOwn = service.equals(container.service());
        return "its address " + target + " is a target of slot " + slot + (isOwn ? "" : " of service " + service)
                + ", which another container had: requests of that " + (isOwn ? "slot" : "service")
                + " reach this one. Remove that target";
    }
}
