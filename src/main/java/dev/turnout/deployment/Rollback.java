package dev.turnout.deployment;

import dev.turnout.client.AdminOutcome;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The way back to the version before. If that version still runs on the idle slot, Turnout switches at once. Otherwise
 * the release is started there first. One thread.
 */
final class Rollback {

    private final DeploymentSite site;
    private final DeployRequest request;
    private final Map<String, String> environment;

    Rollback(DeploymentSite site, DeployRequest request, Map<String, String> environment) {
        this.site = site;
        this.request = request;
        this.environment = environment;
    }

    /** @param id of the release to go back to; empty for the one before */
    void run(Optional<Integer> id) throws DeploymentFailed {
        ServiceView view = site.service().view();
        BlueGreen.requireNoCanary(view);
        new ReleaseKeeping(site, request).settle(view);
        Optional<Release> release = id.isPresent()
                ? Optional.of(site.releases().find(id.get()).orElseThrow(() -> unknown(id.get())))
                : site.releases().before(view.active());
        Optional<Release> onIdle = site.releases().of(view.idle());
        boolean isThere = isRunning(view) && (onIdle.equals(release) || id.isEmpty() && onIdle.isEmpty());
        if (isThere) {
            switchBack(view, onIdle);
        } else if (release.isPresent()) {
            start(release.get(), view);
        } else {
            throw nothing(view);
        }
    }

    /**
     * Ends the watch of a deployment that has switched already, if there is one. That deployment stops its new version.
     *
     * @return true if the version before serves again
     */
    boolean endsWatch() throws DeploymentFailed {
        ServiceView view = site.service().view();
        if (view.step().filter("watch"::equals).isEmpty()) {
            return false;
        }
        AdminOutcome outcome = site.service()
                .change(
                        "POST",
                        site.service()
                                .path("admin", "rollback")
                                .with("by", request.by())
                                .with("note", request.note()),
                        OptionalLong.of(view.revision()),
                        request.limits().change(),
                        () -> {});
        boolean isBack = outcome instanceof AdminOutcome.Answered;
        if (isBack) {
            site.voice()
                    .say(
                            "slot " + view.idle() + " serves again; the deployment that was under way ends",
                            view.idle() + " 슬롯이 다시 서비스합니다; 진행 중이던 배포는 끝납니다");
        }
        return isBack;
    }

    /** Returns true if what has served runs on all targets of the idle slot. */
    private boolean isRunning(ServiceView view) {
        return !view.targets(view.idle()).isEmpty()
                && view.views(view.idle()).stream()
                        .allMatch(target -> site.machine().isHere(target.target())
                                ? isRunningHere(target.target())
                                : target.isUp());
    }

    private boolean isRunningHere(Target target) {
        return site.machine().isListenedTo(target)
                && site.machine().running(target).map(Instance::hasServed).orElse(true);
    }

    private void switchBack(ServiceView view, Optional<Release> release) throws DeploymentFailed {
        Instant begin = Instant.now();
        String version = release.map(known -> known.build().version())
                .or(() -> Optional.ofNullable(view.versions().get(view.idle())))
                .orElse("");
        site.voice()
                .say(
                        "the version before still runs at " + view.addresses(view.idle()) + ": switching back to it",
                        "이전 버전이 " + view.addresses(view.idle()) + "에서 실행 중: 되돌립니다");
        TimedStops stops = new TimedStops(site, request.limits());
        view.targets(view.idle()).forEach(stops::cancel);
        DeployOrder order = release.map(known -> OrderOfRelease.running(site.releases(), known))
                .orElseGet(() -> DeployOrder.unknown(version));
        NewVersion none = site.newVersion(request.limits());
        JsonObject receipt = new PlainSwitch(site, request, word(view)).shift(view, order.build(), none);
        List<Instance> running = view.targets(view.idle()).stream()
                .flatMap(target -> site.machine().running(target).stream())
                .toList();
        new Completion(site, request, begin).complete(order, view, running, receipt);
    }

    /** A slot that was active before is gone back to; another one is switched to. */
    private static String word(ServiceView view) {
        Slot idle = view.idle();
        return view.previous().filter(idle::equals).isPresent() ? "rollback" : "switch";
    }

    private void start(Release release, ServiceView view) throws DeploymentFailed {
        site.voice()
                .say(
                        "the version before does not run any more: starting release " + release.id() + ", "
                                + release.build().name(),
                        "이전 버전이 실행 중이 아닙니다: 릴리스 " + release.id() + "("
                                + release.build().name() + ")을(를) 시작합니다");
        DeployOrder order = OrderOfRelease.of(site.releases(), release, environment);
        new BlueGreen(site, request).run(order, view, new PlainSwitch(site, request, word(view)));
    }

    private DeploymentFailed unknown(int id) {
        String kept = String.join(
                ", ",
                site.releases().list().stream()
                        .map(each -> String.valueOf(each.id()))
                        .toList());
        return new DeploymentFailed(
                DeploymentFailed.USAGE,
                "there is no release " + id + " of service " + site.service().name() + " on this machine; kept are: "
                        + (kept.isEmpty() ? "none" : kept) + " (turnout releases)",
                "이 서버에 서비스 " + site.service().name() + "의 릴리스 " + id + "이(가) 없습니다; 보관 중: "
                        + (kept.isEmpty() ? "없음" : kept) + " (turnout releases)");
    }

    private DeploymentFailed nothing(ServiceView view) {
        return new DeploymentFailed(
                DeploymentFailed.FAILED,
                "there is nothing to go back to: nothing runs at " + view.addresses(view.idle())
                        + ", and no earlier release is kept in "
                        + site.machine().folder().root()
                        + ". Nothing was changed. Start the old version there and type 'turnout switch', or deploy its jar.",
                "되돌릴 버전이 없습니다: " + view.addresses(view.idle()) + "에서 실행 중인 것이 없고 "
                        + site.machine().folder().root()
                        + "에 이전 릴리스가 없습니다. 변경된 것은 없습니다. 이전 버전을 그곳에서 시작하고 'turnout switch'를 입력하거나 그 jar를"
                        + " 배포하세요.");
    }
}
