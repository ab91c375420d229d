package dev.turnout.deployment;

import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminPath;
import dev.turnout.routing.Slot;
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
        AdminOutcome outcome = site.service()
                .change(
                        "POST",
                        path(build),
                        OptionalLong.of(before.revision()),
                        request.limits().change(),
                        new Watch(version));
        JsonObject receipt = outcome instanceof AdminOutcome.Answered answered
                ? answered.json().orElseGet(JsonObject::new)
                : fail(outcome, before, version);
        new ShiftFailure(site).requireActive(before.idle());
        if (version.hasEnded()) {
            switchBack(before.active());
        }
        return receipt;
    }

    private AdminPath path(Release.Build build) {
        return site.service()
                .path("admin", word)
                .with("version", Optional.of(build.version()).filter(version -> !version.isEmpty()))
                .with("by", request.by())
                .with("note", request.note())
                .with("watch", request.watch().map(watch -> watch.toSeconds() + "s"));
    }

    /** Cancels the switch if it is in vain. */
    private final class Watch implements TurnoutService.Meanwhile {

        private final NewVersion version;
        private boolean isOver;

        Watch(NewVersion version) {
            this.version = version;
        }

        @Override
        public void before() throws DeploymentFailed {
            site.interruption().check();
            if (version.hasEnded()) {
                throw ended();
            }
        }

        @Override
        public void look() {
            boolean isInVain = site.interruption().isAsked() || version.hasEnded();
            if (isInVain && !isOver) {
                AdminOutcome outcome = site.service()
                        .send("DELETE", site.service().path("admin", "switch").with("by", request.by()));
                isOver = outcome instanceof AdminOutcome.Answered || isTooLate(outcome);
                if (outcome instanceof AdminOutcome.Answered) {
                    site.voice().say("the switch is cancelled", "전환을 취소했습니다");
                } else if (isOver) {
                    site.voice()
                            .say(
                                    "the switch can't be cancelled any more: waiting for its end",
                                    "전환을 더 이상 취소할 수 없습니다: 끝나기를 기다립니다");
                }
            }
        }

        private boolean isTooLate(AdminOutcome outcome) {
            return outcome instanceof AdminOutcome.Refused refused
                    && refused.type().equals("too-late");
        }
    }

    private static DeploymentFailed ended() {
        return new DeploymentFailed(
                DeploymentFailed.FAILED,
                "the new version has ended before Turnout switched to it",
                "Turnout이 전환하기 전에 새 버전이 종료되었습니다");
    }

    private JsonObject fail(AdminOutcome outcome, ServiceView before, NewVersion version) throws DeploymentFailed {
        boolean isCancelled = outcome instanceof AdminOutcome.Refused refused
                && refused.type().equals("cancelled");
        if (isCancelled) {
            site.interruption().check();
        }
        DeploymentFailed failure = new ShiftFailure(site).failure(outcome, before);
        if (isCancelled && version.hasEnded()) {
            throw ended();
        }
        if (failure.code() == DeploymentFailed.FAILED) {
            version.showLogs();
        }
        throw failure;
    }

    private void switchBack(Slot old) throws DeploymentFailed {
        site.voice().say("the new version has ended since: switching back", "새 버전이 종료되었습니다: 되돌립니다");
        AdminOutcome outcome = site.service()
                .change(
                        "POST",
                        site.service().path("admin", "rollback").with("by", request.by()),
                        OptionalLong.empty(),
                        request.limits().change(),
                        () -> {});
        if (site.service().settled().active() != old) {
            throw new DeploymentFailed(
                    DeploymentFailed.UNKNOWN,
                    "switching back failed " + TurnoutService.reason(outcome),
                    "되돌리기 실패 " + TurnoutService.reason(outcome));
        }
        throw new DeploymentFailed(
                DeploymentFailed.FAILED,
                "the new version ended right after the switch; slot " + old + " serves again",
                "전환 직후 새 버전이 종료되었습니다; " + old + " 슬롯이 다시 서비스합니다");
    }
}
