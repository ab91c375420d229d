package dev.turnout.deployment;

import dev.turnout.client.AdminOutcome;
import dev.turnout.routing.Slot;
import java.util.OptionalLong;

/**
 * The guard of the change that makes the new version serve all clients. The change is cancelled if the operator has asked
 * for the end, or if the new version has ended. If the version has ended after the change, Turnout switches back. One
 * thread.
 */
final class FlipGuard implements TurnoutService.Meanwhile {

    private final DeploymentSite site;
    private final DeployRequest request;
    private final ServiceView before;
    private final NewVersion version;
    private boolean isOver;

    /** @param before the service before the change */
    FlipGuard(DeploymentSite site, DeployRequest request, ServiceView before, NewVersion version) {
        this.site = site;
        this.request = request;
        this.before = before;
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
            cancel();
        }
    }

    /** Cancels the change, unless it is in force: then it lets others change the service while it watches and drains. */
    private void cancel() {
        ServiceView now;
        try {
            now = site.service().view();
        } catch (DeploymentFailed e) {
            // The next look asks again.
            return;
        }
        if (now.active() != before.active()) {
            tellThatItIsTooLate();
            return;
        }
        AdminOutcome outcome = site.service()
                .sendAt(
                        now.revision(),
                        "DELETE",
                        site.service().path("admin", "switch").with("by", request.by()));
        if (outcome instanceof AdminOutcome.Answered) {
            isOver = true;
            site.voice().say("the switch is cancelled", "전환을 취소했습니다");
        } else if (isTooLate(outcome)) {
            tellThatItIsTooLate();
        }
    }

    private void tellThatItIsTooLate() {
        isOver = true;
        site.voice()
                .say("the switch can't be cancelled any more: waiting for its end", "전환을 더 이상 취소할 수 없습니다: 끝나기를 기다립니다");
    }

    private static boolean isTooLate(AdminOutcome outcome) {
        return outcome instanceof AdminOutcome.Refused refused && refused.type().equals("too-late");
    }

    /** Fails with the reason of a cancellation, if the outcome is one that this guard has asked for. */
    void failIfCancelled(AdminOutcome outcome) throws DeploymentFailed {
        boolean isCancelled = outcome instanceof AdminOutcome.Refused refused
                && refused.type().equals("cancelled");
        if (isCancelled) {
            site.interruption().check();
            if (version.hasEnded()) {
                throw ended();
            }
        }
    }

    private static DeploymentFailed ended() {
        return new DeploymentFailed(
                DeploymentFailed.FAILED,
                "the new version has ended before Turnout switched to it",
                "Turnout이 전환하기 전에 새 버전이 종료되었습니다");
    }

    /** Fails unless the new version serves and still runs. Switches back from a version that has ended. Blocks. */
    void requireServing() throws DeploymentFailed {
        new ShiftFailure(site).requireActive(before.idle());
        if (version.hasEnded()) {
            switchBack(before.active());
        }
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
