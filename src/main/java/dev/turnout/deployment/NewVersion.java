package dev.turnout.deployment;

import dev.turnout.config.Deadline;
import dev.turnout.routing.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The instances of a version that a deployment starts, until the version serves or is given up. One thread. */
final class NewVersion {

    private static final long LOOK_AGAIN = 100;
    private static final Duration PORT_CLOSES = Duration.ofSeconds(10);

    private final LocalMachine machine;
    private final Voice voice;
    private final Interruption interruption;
    private final DeployLimits limits;
    private final List<Instance> started = new ArrayList<>();
    private final List<Instance> shown = new ArrayList<>();
    private final Instant since = Instant.now();

    NewVersion(LocalMachine machine, Voice voice, Interruption interruption, DeployLimits limits) {
        this.machine = machine;
        this.voice = voice;
        this.interruption = interruption;
        this.limits = limits;
    }

    List<Instance> instances() {
        return List.copyOf(started);
    }

    /** Makes a port free for the application, or fails with the name of who has it. */
    void free(String service, Target target, DeployOrder order, boolean adopts) throws DeploymentFailed {
        Occupant occupant = machine.occupants().at(target.tcp().port(), service, order, adopts);
        if (occupant instanceof Occupant.Ours ours) {
            String name = ours.instance().name();
            voice.say(
                    "an earlier version is still running at " + target + ": stopping " + name,
                    "이전 버전이 " + target + "에서 실행 중: " + name + "을(를) 종료합니다");
            stopEarlier(ours.instance());
        } else if (occupant instanceof Occupant.SameProgram same) {
            String name = same.instance().name();
            voice.say(
                    "at " + target + " runs " + name + ", taken over as the same application (" + same.english()
                            + "): stopping it",
                    target + "의 " + name + "을(를) 같은 애플리케이션으로 인수합니다(" + same.korean() + "): 종료합니다");
            stopEarlier(same.instance());
        } else if (occupant instanceof Occupant.Stranger stranger) {
            throw new DeploymentFailed(
                    DeploymentFailed.PORT_TAKEN,
                    "port " + target.tcp().port() + " is taken by " + stranger.name()
                            + ", which is not known to be this application. Stop it (" + stranger.advice()
                            + "), or deploy with --adopt to have it stopped.",
                    target.tcp().port() + "번 포트를 " + stranger.koreanName()
                            + "이(가) 사용 중이며 이 애플리케이션인지 알 수 없습니다. 종료하거나(" + stranger.advice()
                            + ") --adopt 옵션으로 배포하세요.");
        }
        // The system closes the sockets of a process with threads some time after its main thread has ended.
        Deadline deadline = Deadline.after(occupant instanceof Occupant.Nobody ? Duration.ZERO : PORT_CLOSES);
        while (machine.isListenedTo(target) && !deadline.isOver()) {
            interruption.check();
            interruption.pause(LOOK_AGAIN);
        }
        if (machine.isListenedTo(target)) {
            throw new DeploymentFailed(
                    DeploymentFailed.PORT_TAKEN,
                    "port " + target.tcp().port() + " is still taken (sudo ss -ltnp 'sport = :"
                            + target.tcp().port() + "')",
                    target.tcp().port() + "번 포트가 아직 사용 중입니다(sudo ss -ltnp 'sport = :"
                            + target.tcp().port() + "')");
        }
    }

    private void stopEarlier(Instance instance) throws DeploymentFailed {
        Optional<Stopper.Fault> fault = machine.stopper().stop(instance, limits.stop());
        if (fault.isPresent()) {
            throw new DeploymentFailed(
                    DeploymentFailed.PORT_TAKEN,
                    "port " + instance.port() + " is taken by " + instance.name() + ", which can't be stopped: "
                            + fault.get().reason() + ". Type: " + fault.get().line(),
                    instance.port() + "번 포트의 " + instance.name() + "을(를) 종료할 수 없습니다: "
                            + fault.get().reason() + ". 입력: " + fault.get().line());
        }
    }

    void start(String service, Target target, DeployOrder order) throws DeploymentFailed {
        interruption.check();
        try {
            Instance instance = machine.starter().start(service, target, order);
            started.add(instance);
            instance.write(machine.folder());
            voice.say("started " + instance.name() + " for " + target, target + "에 " + instance.name() + " 시작");
        } catch (IOException e) {
            throw new DeploymentFailed(
                    DeploymentFailed.FAILED,
                    "the new version could not be started at " + target + ": " + e.getMessage(),
                    target + "에서 새 버전을 시작할 수 없습니다: " + e.getMessage());
        }
    }

    /** Waits until all ports are open. Fails at once when an instance ends. */
    void awaitPorts() throws DeploymentFailed {
        Deadline deadline = Deadline.after(limits.start());
        Instant begin = Instant.now();
        for (Instance instance : started) {
            while (!machine.isListenedTo(target(instance))) {
                interruption.check();
                failIfEnded();
                if (deadline.isOver()) {
                    machine.showLog(instance, since);
                    throw new DeploymentFailed(
                            DeploymentFailed.FAILED,
                            "the new version has not opened port " + instance.port() + " within "
                                    + limits.start().toSeconds() + " s (--start-timeout)",
                            "새 버전이 " + limits.start().toSeconds() + "초 안에 " + instance.port()
                                    + "번 포트를 열지 않았습니다(--start-timeout)");
                }
                long waited = Duration.between(begin, Instant.now()).toSeconds();
                voice.waiting(
                        "waiting for the new version to open port " + instance.port() + " (" + waited + " of "
                                + limits.start().toSeconds() + " s)",
                        "새 버전이 " + instance.port() + "번 포트를 열기를 기다리는 중("
                                + limits.start().toSeconds() + "초 중 " + waited + "초)");
                interruption.pause(LOOK_AGAIN);
            }
        }
        failIfEnded();
    }

    private static Target target(Instance instance) {
        return new Target("localhost", instance.port());
    }

    private void failIfEnded() throws DeploymentFailed {
        for (Instance instance : started) {
            if (!machine.stopper().isRunning(instance)) {
                machine.showLog(instance, since);
                throw new DeploymentFailed(
                        DeploymentFailed.FAILED,
                        "the new version ended before it opened port " + instance.port(),
                        "새 버전이 " + instance.port() + "번 포트를 열기 전에 종료되었습니다");
            }
        }
    }

    /** Returns true if an instance has ended, and prints the end of its log the first time. */
    boolean hasEnded() {
        boolean any = false;
        for (Instance instance : started) {
            if (!machine.stopper().isRunning(instance)) {
                any = true;
                if (!shown.contains(instance)) {
                    shown.add(instance);
                    machine.showLog(instance, since);
                }
            }
        }
        return any;
    }

    void showLogs() {
        started.stream().filter(instance -> !shown.contains(instance)).forEach(instance -> {
            shown.add(instance);
            machine.showLog(instance, since);
        });
    }

    /** Stops all instances. */
    void discard() {
        if (started.stream().anyMatch(machine.stopper()::isRunning)) {
            voice.say("stopping the new version", "새 버전을 종료합니다");
        }
        for (Instance instance : started) {
            machine.stopper()
                    .stop(instance, limits.stop())
                    .ifPresent(fault -> voice.say(
                            "warning: " + instance.name() + " can't be stopped: " + fault.reason() + ". Type: "
                                    + fault.line(),
                            "경고: " + instance.name() + "을(를) 종료할 수 없습니다: " + fault.reason() + ". 입력: " + fault.line()));
        }
    }
}
