package dev.turnout.deployment;

import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminPath;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.OptionalLong;

/** A switch of all clients at once. Until the flip the switch can be cancelled. */
final class PlainSwitch implements TrafficShift {

    private final DeploymentSite site;
    private final DeployRequest request;
    private final String word;

    /** @param word of the admin API: {@code switch} or {@code rollback} */
    PlainSwitch(DeploymentSite site, DeployRequest request, String word) {
        this.site = site;
        this.request = request;
        this.word = word;
    }

    @Override
    public JsonObject shift(ServiceView before, Release.Build build, NewVersion version) throws DeploymentFailed {
        site.voice().say("asking Turnout to switch to slot " + before.idle(), before.idle() + " 슬롯으로 전환을 요청합니다");
        FlipGuard guard = new FlipGuard(site, request, before, version);
        AdminOutcome outcome = site.service()
                .change(
                        "POST",
                        path(build),
                        OptionalLong.of(before.revision()),
                        request.limits().change(),
                        guard);
        if (!(outcome instanceof AdminOutcome.Answered answered)) {
            guard.failIfCancelled(outcome);
            throw failure(outcome, before, version);
        }
        guard.requireServing();
        return answered.json().orElseGet(JsonObject::new);
    }

    private AdminPath path(Release.Build build) {
        return site.service()
                .path("admin", word)
                .with("version", Optional.of(build.version()).filter(version -> !version.isEmpty()))
                .with("by", request.by())
                .with("note", request.note())
                .with("watch", request.watch().map(watch -> watch.toSeconds() + "s"));
    }

    private DeploymentFailed failure(AdminOutcome outcome, ServiceView before, NewVersion version) {
        DeploymentFailed failure = new ShiftFailure(site).failure(outcome, before);
        if (failure.code() == DeploymentFailed.FAILED) {
            version.showLogs();
        }
        return failure;
    }
}
