package dev.turnout.deployment;

import dev.turnout.routing.Target;
import dev.turnout.text.Language;
import dev.turnout.text.Phrase;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A deployment onto the idle slot: starts the version on all idle targets, has Turnout send the clients there, and stops
 * the old version. Any failure before that stops the new version, if Turnout says that the old version serves as before.
 * Otherwise both versions are left running.
 */
final class BlueGreen {

    private final DeploymentSite site;
    private final DeployRequest request;
    private final Instant begin = Instant.now();

    BlueGreen(DeploymentSite site, DeployRequest request) {
        this.site = site;
        this.request = request;
    }

    void run(DeployOrder order, ServiceView before, TrafficShift shift) throws DeploymentFailed {
        requireNoChange(before);
        List<Target> next = before.targets(before.idle());
        site.machine().requireHere(next);
        site.machine().requirePlace(order.launch());
        boolean somebodyServes = before.views(before.active()).stream()
                .anyMatch(view -> view.isUp() || site.machine().isListenedTo(view.target()));
        announce(order, before, somebodyServes);
        site.machine().tellUser(order.launch());
        NewVersion version = site.newVersion(request.limits());
        JsonObject receipt;
        try {
            start(order, next, version);
            // Before the switch: if this command is killed then, a rollback can still start the version.
            new ReleaseKeeping(site, request).prepare(order, before.idle(), next);
            receipt = shift.shift(before, order.build(), version);
        } catch (DeploymentFailed e) {
            throw undone(e, before, version, somebodyServes);
        }
        new Completion(site, request, begin).complete(order, before, version.instances(), receipt);
    }

    /** Fails if a canary is under way. */
    static void requireNoCanary(ServiceView view) throws DeploymentFailed {
        if (view.canary() > 0) {
            throw new DeploymentFailed(
                    DeploymentFailed.BUSY,
                    "a canary gets " + view.canary()
                            + " % of the traffic: promote it (turnout canary promote), or take it"
                            + " back (turnout canary abort) first",
                    "카나리가 트래픽의 " + view.canary() + "%를 받는 중입니다: 먼저 승격하거나(turnout canary promote) 취소하세요(turnout"
                            + " canary abort)");
        }
    }

    /** Fails if a change is under way: the idle slot may still be drained, or be what a watch goes back to. */
    private static void requireNoChange(ServiceView view) throws DeploymentFailed {
        if (view.step().isPresent()) {
            String step = view.step().get();
            throw new DeploymentFailed(
                    DeploymentFailed.BUSY,
                    "another change is under way, at the step '" + step + "': it may still need what runs at "
                            + view.addresses(view.idle())
                            + ". Nothing was changed. Wait for its end (turnout status), then run this again",
                    "다른 변경이 '" + step + "' 단계에 있습니다: " + view.addresses(view.idle())
                            + "에서 실행 중인 것이 아직 필요할 수 있습니다. 변경된 것은 없습니다. 끝난 뒤(turnout status) 다시 실행하세요");
        }
    }

    private void announce(DeployOrder order, ServiceView before, boolean somebodyServes) {
        String to = before.addresses(before.idle());
        String from = before.addresses(before.active());
        if (somebodyServes) {
            site.voice()
                    .say(
                            order.name() + " goes to " + to + ", " + from + " serves",
                            order.name() + " → " + to + ", 현재 서비스: " + from);
        } else {
            site.voice()
                    .say(
                            order.name() + " goes to " + to + ", nothing serves yet at " + from,
                            order.name() + " → " + to + ", " + from + "에는 아직 실행 중인 버전이 없습니다");
        }
    }

    private void start(DeployOrder order, List<Target> next, NewVersion version) throws DeploymentFailed {
        for (Target target : next) {
            version.free(site.service().name(), target, order, request.adopts());
        }
        for (Target target : next) {
            version.start(site.service().name(), target, order);
        }
        version.awaitPorts();
        site.voice()
                .say(
                        next.size() == 1 ? "port " + next.get(0).tcp().port() + " is open" : "all ports are open",
                        next.size() == 1 ? next.get(0).tcp().port() + "번 포트가 열렸습니다" : "모든 포트가 열렸습니다");
    }

    /**
     * Stops the new version if the old version serves all clients.
     *
     * @return the failure to end with
     */
    private DeploymentFailed undone(
            DeploymentFailed failure, ServiceView before, NewVersion version, boolean somebodyServes) {
        if (failure.code() == DeploymentFailed.UNKNOWN) {
            return failure;
        }
        Optional<Phrase> doubt = doubt(before);
        if (doubt.isPresent()) {
            return version.instances().isEmpty() ? failure : left(failure, doubt.get());
        }
        version.discard();
        new ReleaseKeeping(site, request).giveUp(before.idle());
        String old = before.addresses(before.active());
        if (somebodyServes) {
            site.voice().say(old + " serves as before", old + "이(가) 그대로 서비스합니다");
        } else {
            site.voice().say("nothing serves, as before", "이전과 같이 서비스 중인 버전이 없습니다");
        }
        return failure;
    }

    /** Returns what speaks against stopping the new version; empty if no client is sent to it. */
    private Optional<Phrase> doubt(ServiceView before) {
        try {
            ServiceView now = site.service().settled();
            boolean isAsBefore = now.active() == before.active()
                    && now.canary() == 0
                    && now.step().isEmpty();
            return isAsBefore ? Optional.empty() : Optional.of(now.traffic());
        } catch (DeploymentFailed e) {
            return Optional.of(new Phrase(e.text(Language.ENGLISH), e.text(Language.KOREAN)));
        }
    }

    private static DeploymentFailed left(DeploymentFailed failure, Phrase doubt) {
        return new DeploymentFailed(
                DeploymentFailed.UNKNOWN,
                failure.text(Language.ENGLISH) + "\n" + doubt.english()
                        + "\nBoth versions are left running. Look at 'turnout status' before you stop either version.",
                failure.text(Language.KOREAN) + "\n" + doubt.korean()
                        + "\n두 버전을 그대로 둡니다. 버전을 종료하기 전에 'turnout status'를 확인하세요.");
    }
}
