package dev.turnout.deployment;

import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminPath;
import dev.turnout.config.DaemonThread;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The right to deploy a service, which Turnout gives to one deployment at a time. The right is renewed while it is used.
 * It ends by itself if this process ends without giving it back.
 */
final class DeploymentLock {

    private static final String TTL = "60s";
    private static final long RENEW_SECONDS = 20;

    private final TurnoutService service;
    private final String owner;
    private final String id;
    private final CountDownLatch closed = new CountDownLatch(1);

    private DeploymentLock(TurnoutService service, String owner, String id) {
        this.service = service;
        this.owner = owner;
        this.id = id;
    }

    /**
     * Takes the right, or fails with the name of who has it.
     *
     * @param owner who deploys, for people
     */
    static DeploymentLock take(TurnoutService service, String owner) throws DeploymentFailed {
        AdminOutcome outcome =
                service.send("POST", path(service).with("owner", owner).with("ttl", TTL));
        if (outcome instanceof AdminOutcome.Answered answered) {
            String id = answered.json().map(json -> json.getString("id", "")).orElse("");
            DeploymentLock lock = new DeploymentLock(service, owner, id);
            DaemonThread.start("turnout-deployment-lock", lock::renew);
            return lock;
        }
        if (outcome instanceof AdminOutcome.Refused refused && refused.status() == 409) {
            throw busy(refused.json());
        }
        throw service.noTurnout(outcome);
    }

    private static DeploymentFailed busy(JsonObject problem) {
        String other = String.valueOf(problem.getValue("owner", "?"));
        String since = String.valueOf(problem.getValue("since", "?"));
        String end = String.valueOf(problem.getValue("expiresAt", "?"));
        return new DeploymentFailed(
                DeploymentFailed.BUSY,
                "another deployment is running: " + other + ", since " + since
                        + ". Wait for its end. If it was killed, its right ends at " + end + ".",
                "다른 배포가 진행 중입니다: " + other + ", 시작 " + since + ". 끝날 때까지 기다리세요. 강제로 종료된 경우 " + end + "에 잠금이 풀립니다.");
    }

    private static AdminPath path(TurnoutService service) {
        return service.path("admin", "deployment");
    }

    private void renew() {
        try {
            while (!closed.await(RENEW_SECONDS, TimeUnit.SECONDS)) {
                renewOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renewOnce() {
        try {
            service.send(
                    "PUT", path(service).with("id", id).with("owner", owner).with("ttl", TTL));
        } catch (RuntimeException | Error e) {
            // Such as no memory for now. The next renewal makes up for this one.
        }
    }

    /** Gives the right back. */
    void close() {
        closed.countDown();
        service.send("DELETE", path(service).with("id", id));
    }
}
