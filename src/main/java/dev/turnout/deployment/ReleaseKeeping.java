package dev.turnout.deployment;

import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The step of a deployment that keeps the release, so that the version can be started again. Blocks. */
final class ReleaseKeeping {

    private final DeploymentSite site;
    private final DeployRequest request;

    ReleaseKeeping(DeploymentSite site, DeployRequest request) {
        this.site = site;
        this.request = request;
    }

    /** Keeps what a slot has got. A failure is a warning: the version serves. */
    Optional<Release> keep(DeployOrder order, Slot slot, List<Target> targets) {
        return keep(order, slot, targets, false);
    }

    /** Keeps what a slot has got while it served: a rollback goes back to what it had. Otherwise as {@link #keep}. */
    Optional<Release> replace(DeployOrder order, Slot slot, List<Target> targets) {
        return keep(order, slot, targets, true);
    }

    private Optional<Release> keep(DeployOrder order, Slot slot, List<Target> targets, boolean hasServed) {
        try {
            if (order.kept().isPresent()) {
                site.releases().serves(slot, order.kept().get().id(), hasServed);
                return order.kept();
            }
            if (!order.canBeKept()) {
                return Optional.empty();
            }
            // Not the jar that was given: the next build may write into that file.
            Optional<Path> copy = order.jar()
                    .map(jar ->
                            site.machine().starter().jarOn(targets.get(0).tcp().port(), order.launch()));
            Release release =
                    new Release(0, order.build(), request.by(), Instant.now(), order.launch(), order.folder());
            return Optional.of(site.releases().add(slot, release, copy, hasServed));
        } catch (IOException e) {
            site.voice()
                    .say(
                            "warning: the release could not be kept, so 'turnout rollback' can't start it later: "
                                    + e.getMessage(),
                            "경고: 릴리스를 보관하지 못했습니다. 나중에 'turnout rollback'으로 시작할 수 없습니다: " + e.getMessage());
            return Optional.empty();
        }
    }
}
