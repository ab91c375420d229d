package dev.turnout.deployment;

import dev.turnout.routing.Target;
import java.util.List;

/** A replacement by a new version: what runs on the target is stopped, and the version is started there. */
final class VersionReplacement implements Replacement {

    private final DeploymentSite site;
    private final DeployRequest request;
    private final DeployOrder order;

    VersionReplacement(DeploymentSite site, DeployRequest request, DeployOrder order) {
        this.site = site;
        this.request = request;
        this.order = order;
    }

    @Override
    public String what() {
        return order.build().sha256().orElse("") + " " + order.launch() + " "
                + order.build().version() + " " + order.folder();
    }

    @Override
    public void replace(Target target) throws DeploymentFailed {
        NewVersion version = site.newVersion(request.limits());
        version.free(site.service().name(), target, order, request.adopts());
        try {
            version.start(site.service().name(), target, order);
            version.awaitPorts();
        } catch (DeploymentFailed e) {
            version.discard();
            throw e;
        }
        site.machine().noteServing(version.instances());
        site.machine().rememberForReboot(version.instances(), List.of());
    }

    @Override
    public void complete(ServiceView view) {
        new ReleaseKeeping(site, request)
                .replace(order, view.active(), view.targets(view.active()))
                .ifPresent(kept -> site.voice().say("kept as release " + kept.id(), "릴리스 " + kept.id() + "(으)로 보관"));
    }
}
