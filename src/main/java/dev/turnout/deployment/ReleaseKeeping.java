package dev.turnout.deployment;

import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The steps of a deployment that keep the release, so that the version can be started again. Block. */
final class ReleaseKeeping {

    private final DeploymentSite site;
    private final DeployRequest request;

    ReleaseKeeping(DeploymentSite site, DeployRequest request) {
        this.site = site;
        this.request = request;
    }

    /** Keeps what a slot is about to serve. A failure is a warning. */
    void prepare(DeployOrder order, Slot slot, List<Target> targets) {
        try {
            if (order.kept().isPresent()) {
                site.releases().prepare(slot, order.kept().get().id());
            } else {
                site.releases().prepare(slot, release(order), copy(order, targets));
            }
        } catch (IOException e) {
            warn(e);
        }
    }

    /** Notes that a slot serves what was prepared for it, or a kept release that ran there. A failure is a warning. */
    Optional<Release> serves(DeployOrder order, Slot slot) {
        try {
            if (order.kept().isPresent()) {
                site.releases().serves(slot, order.kept().get().id());
                return order.kept();
            }
            return site.releases().serves(slot);
        } catch (IOException e) {
            warn(e);
            return Optional.empty();
        }
    }

    /** Takes back what was prepared for a slot. A failure is a warning. */
    void giveUp(Slot slot) {
        try {
            site.releases().giveUp(slot);
        } catch (IOException e) {
            warn(e);
        }
    }

    /** Notes how killed deployments have ended. A failure is a warning. */
    void settle(ServiceView view) {
        try {
            site.releases().settle(view);
        } catch (IOException e) {
            warn(e);
        }
    }

    /** Keeps what a slot has got while it served: a rollback goes back to what it had. A failure is a warning. */
    Optional<Release> replace(DeployOrder order, Slot slot, List<Target> targets) {
        try {
            return site.releases().replace(slot, release(order), copy(order, targets));
        } catch (IOException e) {
            warn(e);
            return Optional.empty();
        }
    }

    private Release release(DeployOrder order) {
        return new Release(0, order.build(), request.by(), Instant.now(), order.launch(), order.folder());
    }

    /** Not the jar that was given: the next build may write into that file. */
    private Optional<Path> copy(DeployOrder order, List<Target> targets) {
        return order.jar()
                .map(jar -> site.machine().folder().jar(targets.get(0).tcp().port()));
    }

    private void warn(IOException e) {
        site.voice()
                .say(
                        "warning: the release could not be kept, so 'turnout rollback' can't start it later: "
                                + e.getMessage(),
                        "경고: 릴리스를 보관하지 못했습니다. 나중에 'turnout rollback'으로 시작할 수 없습니다: " + e.getMessage());
    }
}
