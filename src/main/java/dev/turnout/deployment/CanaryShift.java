package dev.turnout.deployment;

import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminPath;
import dev.turnout.config.Deadline;
import dev.turnout.routing.Slot;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A canary: the idle slot gets a share of the clients, more with each step, and all of them in the end. At no, at a
 * failure and at an interruption all clients go back to the slot that has served all the time. Each call names the
 * revision that this canary has left, so that no call acts on what somebody else has made of the routing. One thread.
 */
final class CanaryShift implements TrafficShift {

    private static final long LOOK_AGAIN = 1000;

    private final DeploymentSite site;
    private final DeployRequest request;
    private final CanaryPlan plan;
    /** What the canary may have by what was asked for, in percent. */
    private final Set<Integer> shares = new HashSet<>();

    private long revision;
    private Stage stage = Stage.PREPARED;

    /** Where the clients are. */
    private enum Stage {
        /** All are at the old slot. */
        PREPARED,
        /** Some may be at the new slot. */
        BEGUN,
        /** Only Turnout knows, or somebody else has changed the routing. */
        OUT_OF_HAND
    }

    CanaryShift(DeploymentSite site, DeployRequest request, CanaryPlan plan) {
        this.site = site;
        this.request = request;
        this.plan = plan;
    }

    @Override
    public JsonObject shift(ServiceView before, Release.Build build, NewVersion version) throws DeploymentFailed {
        return shift(before, build.version(), version);
    }

    /**
     * Sends all clients to what runs on the idle slot.
     *
     * @param build the version; empty if it is not known
     */
    JsonObject shift(ServiceView before, String build, NewVersion version) throws DeploymentFailed {
        Slot fresh = before.idle();
        revision = before.revision();
        shares.add(before.canary());
        site.voice()
                .say(
                        "slot " + before.active() + " serves; slot " + fresh + ", at " + before.addresses(fresh)
                                + ", gets " + plan.text() + " % of the clients, then all",
                        before.active() + " 슬롯이 서비스 중; " + fresh + " 슬롯(" + before.addresses(fresh) + ")에 클라이언트의 "
                                + plan.text() + "%, 그다음 전체를 보냅니다");
        try {
            int weight = before.canary();
            if (weight > 0) {
                stage = Stage.BEGUN;
                site.voice()
                        .say(
                                "it has " + weight + " % already: going on from there",
                                "이미 " + weight + "%를 받고 있습니다: 이어서 진행합니다");
            }
            for (int next : plan.steps()) {
                if (next > weight) {
                    weight = step(next, before, build, version);
                }
            }
            requireAgreement("send all clients to slot " + fresh + "?", "모든 클라이언트를 " + fresh + " 슬롯으로 보낼까요?");
            return promote(before, build, version);
        } catch (DeploymentFailed e) {
            if (stage == Stage.BEGUN) {
                takeBack(before);
            }
            throw e;
        }
    }

    private int step(int next, ServiceView before, String build, NewVersion version) throws DeploymentFailed {
        Slot fresh = before.idle();
        requireAgreement(
                "send " + next + " % of the clients to slot " + fresh + "?",
                "클라이언트의 " + next + "%를 " + fresh + " 슬롯으로 보낼까요?");
        stage = Stage.BEGUN;
        shares.add(next);
        AdminOutcome outcome = change(
                "POST",
                labelled(site.service().path("admin", "canary"), build).with("weight", String.valueOf(next)),
                before,
                () -> {});
        if (!(outcome instanceof AdminOutcome.Answered)) {
            throw refused(outcome);
        }
        shares.retainAll(Set.of(next));
        site.voice()
                .say(next + " % of the clients go to slot " + fresh, "클라이언트의 " + next + "%가 " + fresh + " 슬롯으로 갑니다");
        observe(next, before, version);
        return next;
    }

    private AdminPath labelled(AdminPath path, String build) {
        AdminPath labelled = path.with("by", request.by()).with("note", request.note());
        return build.isEmpty() ? labelled : labelled.with("version", build);
    }

    /**
     * Makes a change of the routing that this canary has left. The revision grows with other changes of the service too:
     * with another revision this looks whether slot and share are still those of this canary, and asks again.
     */
    private AdminOutcome change(String method, AdminPath path, ServiceView before, TurnoutService.Meanwhile meanwhile)
            throws DeploymentFailed {
        Duration patience = request.limits().change();
        Deadline deadline = Deadline.after(patience);
        while (true) {
            AdminOutcome outcome = site.service().change(method, path, OptionalLong.of(revision), patience, meanwhile);
            if (outcome instanceof AdminOutcome.Answered answered) {
                revision = answered.json()
                        .map(json -> json.getLong("revision", revision))
                        .orElse(revision);
            }
            boolean isAnotherRevision = outcome instanceof AdminOutcome.Refused refused && refused.status() == 412;
            if (!isAnotherRevision || deadline.isOver()) {
                return outcome;
            }
            revision = requireOurs(site.service().view(), before).revision();
        }
    }

    /** Fails if slot and share are no longer those of this canary. */
    private ServiceView requireOurs(ServiceView now, ServiceView before) throws DeploymentFailed {
        if (now.active() == before.active() && shares.contains(now.canary())) {
            return now;
        }
        stage = Stage.OUT_OF_HAND;
        throw new DeploymentFailed(
                now.active() == before.active() ? DeploymentFailed.BUSY : DeploymentFailed.UNKNOWN,
                "somebody else has changed the routing: " + now.traffic().english() + ". It is left as it is",
                "다른 사람이 라우팅을 바꾸었습니다: " + now.traffic().korean() + ". 그대로 둡니다");
    }

    private static DeploymentFailed refused(AdminOutcome outcome) {
        return new DeploymentFailed(
                outcome instanceof AdminOutcome.Refused refused ? ShiftFailure.code(refused) : DeploymentFailed.FAILED,
                "Turnout refused " + TurnoutService.reason(outcome),
                "Turnout이 거부했습니다 " + TurnoutService.reason(outcome));
    }

    private void requireAgreement(String english, String korean) throws DeploymentFailed {
        site.interruption().check();
        boolean agreed = !plan.asks() || site.voice().agrees(english, korean);
        site.interruption().check();
        if (!agreed) {
            throw new DeploymentFailed(DeploymentFailed.FAILED, "not agreed to", "동의하지 않았습니다");
        }
    }

    /** Lets a share be for a while, and shows what comes of it. */
    private void observe(int weight, ServiceView before, NewVersion version) throws DeploymentFailed {
        Deadline deadline = Deadline.after(plan.pause());
        while (true) {
            ServiceView now = look(before, version);
            if (deadline.isOver()) {
                String tally = tally(before.idle(), before, now) + "; " + tally(before.active(), before, now);
                site.voice().say(tally, tally);
                return;
            }
            long left = deadline.leftMillis() / 1000;
            site.voice()
                    .waiting(
                            weight + " %, " + left + " s to go; " + tally(before.idle(), before, now),
                            weight + "%, " + left + "초 남음; " + tally(before.idle(), before, now));
            site.interruption().pause(Math.min(LOOK_AGAIN, Math.max(1, deadline.leftMillis())));
            site.interruption().check();
        }
    }

    /** Fails if things are no longer as this canary has made them. */
    private ServiceView look(ServiceView before, NewVersion version) throws DeploymentFailed {
        ServiceView now = requireOurs(site.service().view(), before);
        boolean isDown = now.views(before.idle()).stream().anyMatch(view -> view.inRotation() && view.isDown());
        if (isDown || version.hasEnded()) {
            throw new DeploymentFailed(
                    DeploymentFailed.FAILED,
                    "a target of slot " + before.idle() + " is down",
                    before.idle() + " 슬롯의 대상이 응답하지 않습니다");
        }
        return now;
    }

    private static String tally(Slot slot, ServiceView before, ServiceView now) {
        long all = requests(slot, now) - requests(slot, before);
        long bad = errors(slot, now) - errors(slot, before);
        String share = all == 0 ? "" : String.format(Locale.ROOT, " (%.2f %%)", 100.0 * bad / all);
        return "slot " + slot + ": " + all + " requests, " + bad + " with status 5xx" + share;
    }

    private static long requests(Slot slot, ServiceView view) {
        return view.views(slot).stream()
                .mapToLong(ServiceView.TargetView::requests)
                .sum();
    }

    private static long errors(Slot slot, ServiceView view) {
        return view.views(slot).stream()
                .mapToLong(ServiceView.TargetView::errors)
                .sum();
    }

    private JsonObject promote(ServiceView before, String build, NewVersion version) throws DeploymentFailed {
        AdminPath path = labelled(site.service().path("admin", "canary", "promote"), build)
                .with("watch", request.watch().map(watch -> watch.toSeconds() + "s"));
        FlipGuard guard = new FlipGuard(site, request, before, version);
        AdminOutcome outcome = change("POST", path, before, guard);
        boolean isRefused = outcome instanceof AdminOutcome.Refused refused && !refused.isNotKnown();
        if (isRefused || outcome instanceof AdminOutcome.Unreachable) {
            guard.failIfCancelled(outcome);
            throw refused(outcome);
        }
        stage = Stage.OUT_OF_HAND;
        if (!(outcome instanceof AdminOutcome.Answered answered)) {
            throw new ShiftFailure(site).failure(outcome, before);
        }
        guard.requireServing();
        site.voice().say("slot " + before.idle() + " serves all clients", before.idle() + " 슬롯이 모든 클라이언트에 서비스합니다");
        return answered.json().orElseGet(JsonObject::new);
    }

    private void takeBack(ServiceView before) throws DeploymentFailed {
        site.voice()
                .say(
                        "taking all clients back to slot " + before.active(),
                        "모든 클라이언트를 " + before.active() + " 슬롯으로 되돌립니다");
        shares.add(0);
        AdminOutcome outcome =
                change("DELETE", site.service().path("admin", "canary").with("by", request.by()), before, () -> {});
        if (!(outcome instanceof AdminOutcome.Answered answered)) {
            throw new DeploymentFailed(
                    DeploymentFailed.UNKNOWN,
                    "the clients could not be taken back " + TurnoutService.reason(outcome)
                            + ". Look at 'turnout status'",
                    "클라이언트를 되돌리지 못했습니다 " + TurnoutService.reason(outcome) + ". 'turnout status'를 확인하세요");
        }
        shares.retainAll(Set.of(0));
        requireOurs(site.service().settled(), before);
        site.voice()
                .say(
                        "slot " + before.active() + " serves all clients, slot " + before.idle()
                                + " has nothing to do any more",
                        before.active() + " 슬롯이 모든 클라이언트에 서비스하고 " + before.idle() + " 슬롯에는 남은 요청이 없습니다");
        boolean isDrained =
                answered.json().map(DrainFacts::of).filter(DrainFacts::drained).isPresent();
        if (!isDrained) {
            site.voice()
                    .say(
                            "warning: not all of its requests are known to have ended by themselves",
                            "경고: 모든 요청이 스스로 끝났는지 확인되지 않았습니다");
        }
    }
}
