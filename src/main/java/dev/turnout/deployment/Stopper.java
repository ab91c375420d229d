package dev.turnout.deployment;

import dev.turnout.config.ProcessTable;
import dev.turnout.config.RunningProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Stops what was started on a port: SIGTERM, and SIGKILL when the time is over. Blocks. */
final class Stopper {

    private static final Duration AFTER_KILL = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN = 50;

    private final DeployFolder folder;
    private final ProcessTable processes;
    private final Systemd systemd;
    private final Voice voice;

    Stopper(DeployFolder folder, ProcessTable processes, Systemd systemd, Voice voice) {
        this.folder = folder;
        this.processes = processes;
        this.systemd = systemd;
        this.voice = voice;
    }

    boolean isRunning(Instance instance) {
        return instance.unit().map(systemd::isActive).orElseGet(() -> instance.process(processes)
                .isPresent());
    }

    /**
     * Stops an instance, and forgets it.
     *
     * @param patience between SIGTERM and SIGKILL; a unit has its own
     * @return what went wrong; empty if the instance has ended
     */
    Optional<Fault> stop(Instance instance, Duration patience) {
        Optional<Fault> fault = instance.unit().isPresent()
                ? systemd.stop(instance.unit().get())
                        .map(reason -> new Fault(
                                reason, "sudo systemctl stop " + instance.unit().get()))
                : instance.process(processes).flatMap(process -> stop(process, patience));
        if (fault.isEmpty()) {
            try {
                // Another instance may have been noted for the port: an adopted one was never noted.
                if (Instance.read(folder, instance.port())
                        .filter(noted -> noted.pid() == instance.pid())
                        .isPresent()) {
                    Instance.forget(folder, instance.port());
                }
            } catch (IOException e) {
                voice.say(
                        "warning: " + folder.instance(instance.port()) + " can't be removed: " + e.getMessage(),
                        "경고: " + folder.instance(instance.port()) + "을(를) 지울 수 없습니다: " + e.getMessage());
            }
        }
        return fault;
    }

    /**
     * The reason why something can't be stopped.
     *
     * @param line what the operator may type
     */
    record Fault(String reason, String line) {}

    private Optional<Fault> stop(RunningProcess process, Duration patience) {
        if (DeployFolder.user() != 0 && process.user() != DeployFolder.user()) {
            return Optional.of(notAllowed(process));
        }
        List<RunningProcess> all = session(process);
        all.forEach(one -> signal(one, false));
        if (!haveEnded(all, patience, process)) {
            voice.say(
                    "process " + process.pid() + " is still there " + patience.toSeconds()
                            + " s after SIGTERM: killing it",
                    "SIGTERM을 보낸 지 " + patience.toSeconds() + "초가 지나도 프로세스 " + process.pid() + "이(가) 끝나지 않아 강제로 종료합니다");
            all.forEach(one -> signal(one, true));
            if (!haveEnded(all, AFTER_KILL, process)) {
                return Optional.of(new Fault("it does not end", "sudo kill -9 " + process.pid()));
            }
        }
        return Optional.empty();
    }

    private static Fault notAllowed(RunningProcess process) {
        return new Fault("it belongs to another user", "sudo kill " + process.pid());
    }

    /** Returns the process, and what it has started: all of its session if it leads one. */
    private List<RunningProcess> session(RunningProcess process) {
        return process.session() == process.pid() ? processes.session(process.pid()) : List.of(process);
    }

    private boolean haveEnded(List<RunningProcess> all, Duration patience, RunningProcess named) {
        long start = System.nanoTime();
        while (all.stream().anyMatch(this::isThere)) {
            if (System.nanoTime() - start > patience.toNanos()) {
                return false;
            }
            voice.waiting(
                    "waiting for process " + named.pid() + " to stop", "프로세스 " + named.pid() + "이(가) 끝나기를 기다리는 중");
            try {
                Thread.sleep(LOOK_AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private void signal(RunningProcess process, boolean kill) {
        ProcessHandle.of(process.pid()).filter(handle -> isThere(process)).ifPresent(handle -> {
            if (kill) {
                handle.destroyForcibly();
            } else {
                handle.destroy();
            }
        });
    }

    private boolean isThere(RunningProcess process) {
        return processes
                .find(process.pid())
                .filter(found -> found.started() == process.started())
                .isPresent();
    }
}
