package dev.turnout.deployment;

import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.store.AtomicFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is done when the new version serves: the receipt and the release are kept, and the old version is stopped. */
final class Completion {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final int MOST_WARNINGS = 5;

    private final DeploymentSite site;
    private final DeployRequest request;
    private final Voice voice;
    private final Instant begin;

    Completion(DeploymentSite site, DeployRequest request, Instant begin) {
        this.site = site;
        this.request = request;
        this.voice = site.voice();
        this.begin = begin;
    }

    /**
     * Completes the deployment of a version that serves on the idle slot now.
     *
     * @param next what was started for it
     * @throws DeploymentFailed only if the old version can't be stopped
     */
    void complete(DeployOrder order, ServiceView before, List<Instance> next, JsonObject receipt)
            throws DeploymentFailed {
        Slot slot = before.idle();
        site.machine().noteServing(next);
        keepReceipt(receipt);
        tell(before, receipt);
        Optional<Release> release = new ReleaseKeeping(site, request).serves(order, slot);
        List<Instance> old = new ArrayList<>();
        Optional<DeploymentFailed> failure = Optional.empty();
        for (Target target : before.targets(before.active())) {
            try {
                leave(target, order).ifPresent(old::add);
            } catch (DeploymentFailed e) {
                failure = Optional.of(e);
            }
        }
        site.machine().rememberForReboot(next, old);
        summarize(order, before, release);
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private void keepReceipt(JsonObject receipt) {
        Path file = site.machine().folder().receipt();
        try {
            new AtomicFile(file, file.resolveSibling(".receipt.new"), AtomicFile.Ownership.PRIVATE)
                    .replace((receipt.encodePrettily() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            voice.say(
                    "warning: the receipt could not be kept: " + e.getMessage(),
                    "경고: 결과를 저장하지 못했습니다: " + e.getMessage());
        }
    }

    private void tell(ServiceView before, JsonObject receipt) {
        DrainFacts drain = DrainFacts.of(receipt);
        long millis = drain.waitedMillis();
        voice.say(
                "switched to " + before.addresses(before.idle()) + ": revision " + receipt.getLong("revision", 0L)
                        + ", drained in " + millis + " ms",
                before.addresses(before.idle()) + "(으)로 전환: revision " + receipt.getLong("revision", 0L) + ", 드레인 "
                        + millis + "ms");
        if (drain.cut() > 0) {
            Path file = site.machine().folder().receipt();
            voice.say(
                    "warning: " + drain.cut()
                            + " requests that had not ended within turnout.drain.timeout were cut: see " + file,
                    "경고: turnout.drain.timeout 안에 끝나지 않은 요청 " + drain.cut() + "개를 끊었습니다: " + file);
        }
        JsonArray warnings = receipt.getValue("warnings") instanceof JsonArray array ? array : new JsonArray();
        warnings.stream().limit(MOST_WARNINGS).forEach(warning -> voice.say("warning: " + warning, "경고: " + warning));
    }

    /** Stops what runs on a target of the old slot, or keeps it; returns what was there of this application. */
    private Optional<Instance> leave(Target target, DeployOrder order) throws DeploymentFailed {
        if (!site.machine().isHere(target)) {
            voice.say(
                    "the old version at " + target + " is not on this machine: stop it there",
                    target + "의 이전 버전은 이 서버에 없습니다: 그 서버에서 종료하세요");
            return Optional.empty();
        }
        Occupant occupant = site.machine()
                .occupants()
                .at(target.tcp().port(), site.service().name(), order, request.adopts());
        if (occupant instanceof Occupant.Ours ours) {
            leave(ours.instance(), target);
            return Optional.of(ours.instance());
        }
        if (occupant instanceof Occupant.SameProgram same) {
            voice.say(
                    "at " + target + " runs " + same.instance().name() + ", taken over as the same application ("
                            + same.english() + ")",
                    target + "의 " + same.instance().name() + "을(를) 같은 애플리케이션으로 인수합니다(" + same.korean() + ")");
            leave(same.instance(), target);
            return Optional.of(same.instance());
        }
        if (occupant instanceof Occupant.Stranger stranger) {
            voice.say(
                    "warning: at " + target + " runs " + stranger.name()
                            + ", which is not known to be this application." + " Stop it before the next deployment ("
                            + stranger.advice() + "), or deploy with --adopt",
                    "경고: " + target + "에서 " + stranger.koreanName() + "이(가) 실행 중이며 이 애플리케이션인지 알 수 없습니다. 다음 배포 전에"
                            + " 종료하거나(" + stranger.advice() + ") --adopt 옵션으로 배포하세요");
        } else {
            voice.say("nothing was running at " + target, target + "에는 실행 중인 것이 없었습니다");
        }
        return Optional.empty();
    }

    private void leave(Instance old, Target target) throws DeploymentFailed {
        if (request.keepOld() instanceof KeepOld.UntilReceipt) {
            stop(old, target);
            return;
        }
        Optional<Instant> due = request.keepOld() instanceof KeepOld.For time
                ? Optional.of(Instant.now().plus(time.time()))
                : Optional.empty();
        try {
            old.serving().dueAt(due).write(site.machine().folder());
        } catch (IOException e) {
            voice.say("warning: " + e.getMessage(), "경고: " + e.getMessage());
        }
        voice.say(
                "the old version is left running at " + target + until(due),
                "이전 버전을 " + target + "에 남겨 둡니다" + untilKorean(due));
    }

    private void stop(Instance old, Target target) throws DeploymentFailed {
        voice.say("stopping the old version, " + old.name(), "이전 버전을 종료합니다: " + old.name());
        Optional<Stopper.Fault> fault =
                site.machine().stopper().stop(old, request.limits().stop());
        if (fault.isPresent()) {
            throw new DeploymentFailed(
                    DeploymentFailed.NOT_STOPPED,
                    "the new version serves, but " + old.name() + " at " + target + " can't be stopped: "
                            + fault.get().reason() + ". Type: " + fault.get().line(),
                    "새 버전이 서비스 중이지만 " + target + "의 " + old.name() + "을(를) 종료할 수 없습니다: "
                            + fault.get().reason() + ". 입력: " + fault.get().line());
        }
        voice.say("the old version has stopped", "이전 버전이 종료되었습니다");
    }

    private static String until(Optional<Instant> due) {
        return due.map(time -> ", until " + clock(time)).orElse(", until the next deployment");
    }

    private static String untilKorean(Optional<Instant> due) {
        return due.map(time -> ", " + clock(time) + "까지").orElse(", 다음 배포까지");
    }

    private static String clock(Instant time) {
        return CLOCK.format(time.atZone(ZoneId.systemDefault()));
    }

    private void summarize(DeployOrder order, ServiceView before, Optional<Release> release) {
        long seconds = Duration.between(begin, Instant.now()).toSeconds();
        String serves = before.addresses(before.idle());
        String number = release.map(kept -> ", release " + kept.id()).orElse("");
        voice.say(
                "deployed: " + order.name() + " serves at " + serves + " (slot " + before.idle() + number + "), in "
                        + seconds + " s",
                "배포 완료: " + order.name() + " → " + serves + " (" + before.idle() + " 슬롯" + number + "), " + seconds
                        + "초");
        Optional<Release> way = site.releases().before(before.idle());
        boolean isKept = !(request.keepOld() instanceof KeepOld.UntilReceipt);
        if (isKept || way.isPresent()) {
            String back = way.map(old -> old.build().name()).orElseGet(() -> before.addresses(before.active()));
            voice.say("to go back to " + back + ": " + rollbackLine(), back + "(으)로 되돌리기: " + rollbackLine());
        } else {
            voice.say("there is no earlier release to go back to yet", "되돌릴 이전 릴리스가 아직 없습니다");
        }
    }

    private String rollbackLine() {
        String name = site.service().name();
        return "turnout rollback" + (name.equals(dev.turnout.routing.Service.DEFAULT) ? "" : " --service " + name);
    }
}
