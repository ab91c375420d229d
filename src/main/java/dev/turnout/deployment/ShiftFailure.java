package dev.turnout.deployment;

import dev.turnout.client.AdminOutcome;
import dev.turnout.routing.Slot;
import dev.turnout.text.ChangeText;
import dev.turnout.text.Language;

/** The meaning of Turnout's answer to a change that was to make the idle slot serve. Blocks to ask for the status. */
final class ShiftFailure {

    private final DeploymentSite site;

    ShiftFailure(DeploymentSite site) {
        this.site = site;
    }

    /** Returns the failure for an answer that is no receipt. */
    DeploymentFailed failure(AdminOutcome outcome, ServiceView before) {
        if (outcome instanceof AdminOutcome.Unreachable || outcome instanceof AdminOutcome.Unauthorized) {
            return site.service().noTurnout(outcome);
        }
        if (outcome instanceof AdminOutcome.Refused refused) {
            return refused(refused, before);
        }
        return lost(TurnoutService.reason(outcome));
    }

    /** Fails with {@link DeploymentFailed#UNKNOWN} unless a slot is known to serve. */
    void requireActive(Slot slot) throws DeploymentFailed {
        ServiceView now;
        try {
            now = site.service().settled();
        } catch (DeploymentFailed e) {
            throw lost("Turnout has sent a receipt, but does not say which slot serves: " + e.getMessage());
        }
        if (now.active() != slot) {
            throw lost("Turnout has sent a receipt, but slot " + slot + " does not serve");
        }
    }

    private DeploymentFailed lost(String reason) {
        return new DeploymentFailed(
                DeploymentFailed.UNKNOWN,
                "no receipt from Turnout: " + reason
                        + ". It is not known which version serves, and both are left running."
                        + " Look at 'turnout status' before you stop either version.",
                "Turnout의 결과를 받지 못했습니다: " + reason + ". 어느 버전이 서비스 중인지 알 수 없어 둘 다 그대로 둡니다."
                        + " 버전을 종료하기 전에 'turnout status'를 확인하세요.");
    }

    private DeploymentFailed refused(AdminOutcome.Refused refused, ServiceView before) {
        if (refused.type().equals("busy")) {
            return lost("another change goes on " + TurnoutService.reason(refused));
        }
        if (refused.isNotKnown()) {
            return lost(TurnoutService.reason(refused));
        }
        ServiceView now;
        try {
            now = site.service().view();
        } catch (DeploymentFailed e) {
            return lost(TurnoutService.reason(refused) + "; " + e.getMessage());
        }
        if (now.active() != before.active()) {
            return new DeploymentFailed(
                    DeploymentFailed.UNKNOWN,
                    "slot " + now.active() + " serves, although Turnout answered " + TurnoutService.reason(refused)
                            + " Both versions are left running.",
                    "Turnout의 응답과 달리 " + now.active() + " 슬롯이 서비스 중입니다: " + TurnoutService.reason(refused)
                            + " 두 버전을 그대로 둡니다.");
        }
        // Only a switch that was made has a receipt.
        boolean wasThere = refused.json().containsKey("receipt");
        String status = " (" + refused.status() + "):\n";
        return new DeploymentFailed(
                code(refused),
                (wasThere ? "Turnout has switched, and then switched back" : "Turnout did not switch")
                        + status
                        + lines(refused, Language.ENGLISH),
                (wasThere ? "Turnout이 전환했다가 되돌렸습니다" : "Turnout이 전환하지 않았습니다")
                        + status
                        + lines(refused, Language.KOREAN));
    }

    /** Returns the exit code for a refusal after which the old version serves. */
    static int code(AdminOutcome.Refused refused) {
        return refused.isDueToAnother() ? DeploymentFailed.BUSY : DeploymentFailed.FAILED;
    }

    private static String lines(AdminOutcome.Refused refused, Language language) {
        return String.join("\n", ChangeText.of(refused.json(), language));
    }
}
