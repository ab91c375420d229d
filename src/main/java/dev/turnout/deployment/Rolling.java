package dev.turnout.deployment;

import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminPath;
import dev.turnout.routing.Target;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A rolling replacement: one target of the active slot after another is taken out of rotation, replaced, and put back
 * when it is healthy. At the first failure that target stays out of rotation, and the others serve. One thread.
 */
final class Rolling {

    private final DeploymentSite site;
    private final DeployRequest request;
    private final Replacement replacement;
    private final boolean afresh;

    /** @param afresh true to replace also the targets that an earlier run has replaced */
    Rolling(DeploymentSite site, DeployRequest request, Replacement replacement, boolean afresh) {
        this.site = site;
        this.request = request;
        this.replacement = replacement;
        this.afresh = afresh;
    }

    void run() throws DeploymentFailed {
        ServiceView view = site.service().view();
        List<ServiceView.TargetView> targets = view.views(view.active()).stream()
                // What does not serve comes first: it costs nobody a serving target.
                .sorted(Comparator.comparingInt(Rolling::order))
                .toList();
        RollingProgress progress = progress(view, targets.size());
        site.voice()
                .say(
                        "replacing the targets of slot " + view.active() + ", which serves: "
                                + view.addresses(view.active()),
                        "서비스 중인 " + view.active() + " 슬롯의 대상을 교체합니다: " + view.addresses(view.active()));
        for (ServiceView.TargetView target : targets) {
            if (!progress.has(target.target())) {
                String health = target.health() + (target.inRotation() ? "" : ", out of rotation");
                String line = "--- " + (progress.count() + 1) + " of " + targets.size() + ": " + target.target() + ", "
                        + health;
                site.voice().say(line, line);
                replace(target.target(), progress);
            }
        }
        end(progress);
        replacement.complete(view);
        site.voice()
                .say(
                        "all " + targets.size() + " targets of slot " + view.active() + " are replaced",
                        view.active() + " 슬롯의 대상 " + targets.size() + "개를 모두 교체했습니다");
    }

    private static int order(ServiceView.TargetView target) {
        return !target.inRotation() ? 0 : target.isDown() ? 1 : 2;
    }

    private RollingProgress progress(ServiceView view, int total) {
        DeployFolder folder = site.machine().folder();
        String name = site.service().name();
        if (!afresh && RollingProgress.isThere(folder, name)) {
            Optional<RollingProgress> resumed =
                    RollingProgress.resumed(folder, name, replacement.what(), view.revision());
            if (resumed.isPresent()) {
                site.voice()
                        .say(
                                "going on with the run that has stopped: "
                                        + resumed.get().count() + " of " + total + " are replaced already",
                                "중단된 작업을 이어서 진행합니다: " + total + "개 중 "
                                        + resumed.get().count() + "개는 이미 교체됨");
                return resumed.get();
            }
            site.voice()
                    .say(
                            "an earlier run has stopped, but the routing or the version is another one now: beginning afresh",
                            "이전 작업이 중단되었지만 라우팅이나 버전이 달라졌습니다: 처음부터 시작합니다");
        }
        return RollingProgress.afresh(folder, name, replacement.what());
    }

    private void replace(Target target, RollingProgress progress) throws DeploymentFailed {
        site.interruption().check();
        site.voice().say("taking it out of rotation", "로테이션에서 제외합니다");
        JsonObject drained = call(target, "drain");
        JsonObject ready;
        try {
            write(progress, drained);
            tell(DrainFacts.of(drained));
            replacement.replace(target);
            site.voice().say("waiting until it is healthy", "정상 상태가 될 때까지 기다립니다");
            ready = call(target, "ready");
        } catch (DeploymentFailed e) {
            if (e.code() != DeploymentFailed.UNKNOWN) {
                site.voice()
                        .say(
                                target
                                        + " is out of rotation, the other targets serve. Repair it, and run this again to go on",
                                target + "은(는) 로테이션에서 제외되었고 다른 대상이 서비스합니다. 고친 뒤 다시 실행하면 이어서 진행합니다");
            }
            throw e;
        }
        site.voice().say(target + " is replaced and serves", target + " 교체 완료, 서비스 중");
        progress.add(target);
        write(progress, ready);
    }

    private void tell(DrainFacts drain) {
        site.voice()
                .say(
                        "it has nothing to do any more, after " + drain.waitedMillis() + " ms",
                        "남은 요청이 없습니다(" + drain.waitedMillis() + "ms)");
        if (!drain.drained()) {
            site.voice()
                    .say(
                            "warning: not all of its requests are known to have ended by themselves",
                            "경고: 모든 요청이 스스로 끝났는지 확인되지 않았습니다");
        }
    }

    private JsonObject call(Target target, String word) throws DeploymentFailed {
        AdminPath path = site.service()
                .path("admin", "targets", target.toString(), word)
                .with("by", request.by())
                .with("note", request.note());
        AdminOutcome outcome = site.service()
                .change("POST", path, OptionalLong.empty(), request.limits().change(), () -> {});
        if (outcome instanceof AdminOutcome.Answered answered) {
            return answered.json().orElseGet(JsonObject::new);
        }
        throw failure(outcome);
    }

    private DeploymentFailed failure(AdminOutcome outcome) {
        String reason = TurnoutService.reason(outcome);
        if (!(outcome instanceof AdminOutcome.Refused refused) || refused.isNotKnown()) {
            return new DeploymentFailed(
                    DeploymentFailed.UNKNOWN,
                    "it is not known what Turnout has done: " + reason + ". Look at 'turnout targets'",
                    "Turnout이 무엇을 했는지 알 수 없습니다: " + reason + ". 'turnout targets'를 확인하세요");
        }
        String advice = refused.type().equals("last-target")
                ? " A rolling deployment needs two targets in the slot that serves; with one, use --strategy blue-green"
                : "";
        String koreanAdvice = refused.type().equals("last-target")
                ? " 롤링 배포에는 서비스 중인 슬롯에 대상이 둘 이상 필요합니다. 하나뿐이면 --strategy blue-green을 사용하세요"
                : "";
        return new DeploymentFailed(
                refused.status() == 404 ? DeploymentFailed.BUSY : ShiftFailure.code(refused),
                "Turnout refused " + reason + advice,
                "Turnout이 거부했습니다 " + reason + koreanAdvice);
    }

    private void write(RollingProgress progress, JsonObject report) throws DeploymentFailed {
        try {
            progress.write(report.getLong("revision", 0L));
        } catch (IOException e) {
            throw notWritten(e);
        }
    }

    private void end(RollingProgress progress) throws DeploymentFailed {
        try {
            progress.end();
        } catch (IOException e) {
            throw notWritten(e);
        }
    }

    private static DeploymentFailed notWritten(IOException e) {
        return new DeploymentFailed(
                DeploymentFailed.USAGE,
                "what was done could not be noted: " + e.getMessage(),
                "진행 상황을 저장하지 못했습니다: " + e.getMessage());
    }
}
