package dev.turnout.deployment;

import dev.turnout.routing.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stops of old versions that were kept for a time. A small process that outlives the command sleeps until then, and
 * runs the command again. A version whose time was over while that process was gone is stopped by the next deployment.
 */
final class TimedStops {

    private final DeploymentSite site;
    private final DeployLimits limits;

    TimedStops(DeploymentSite site, DeployLimits limits) {
        this.site = site;
        this.limits = limits;
    }

    /**
     * Starts the process that sleeps. It works in the folder of this command, which may hold the configuration.
     *
     * @param again the command that stops what is due
     */
    void schedule(Duration time, List<String> again) {
        List<String> words = new ArrayList<>(
                List.of("setsid", "sh", "-c", "sleep \"$0\"; exec \"$@\"", String.valueOf(time.toSeconds() + 1)));
        words.addAll(again);
        try {
            new ProcessBuilder(words)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(site.machine()
                            .folder()
                            .root()
                            .resolve("keep-old.log")
                            .toFile())
                    .start();
        } catch (IOException e) {
            site.voice()
                    .say(
                            "warning: the old version will be stopped by the next deployment only: " + e.getMessage(),
                            "경고: 이전 버전은 다음 배포 때 종료됩니다: " + e.getMessage());
        }
    }

    /** Stops what is due on the idle slot, unless a change may still need that. What serves again by now goes on. */
    void stopDue() throws DeploymentFailed {
        ServiceView view = site.service().view();
        for (Target target : view.targets(view.active())) {
            cancel(target);
        }
        if (view.canary() > 0 || view.step().isPresent()) {
            return;
        }
        for (Target target : view.targets(view.idle())) {
            Optional<Instance> due = site.machine().running(target).filter(instance -> instance.due()
                    .filter(Instant.now()::isAfter)
                    .isPresent());
            if (due.isPresent()) {
                site.voice()
                        .say(
                                "the time of the old version at " + target + " is over: stopping "
                                        + due.get().name(),
                                target + "의 이전 버전의 보관 시간이 끝났습니다: " + due.get().name() + " 종료");
                site.machine().stopper().stop(due.get(), limits.stop());
            }
        }
    }

    /** Lets what runs on a target go on without an end. */
    void cancel(Target target) {
        site.machine()
                .running(target)
                .filter(instance -> instance.due().isPresent())
                .ifPresent(instance -> {
                    try {
                        instance.dueAt(Optional.empty()).write(site.machine().folder());
                    } catch (IOException e) {
                        site.voice().say("warning: " + e.getMessage(), "경고: " + e.getMessage());
                    }
                });
    }
}
