package dev.turnout.deployment;

import dev.turnout.config.RunningProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The units of systemd, by {@code systemctl}. All methods block. */
final class Systemd {

    /** Longer than any TimeoutStartSec or TimeoutStopSec that is usual. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Path ROOT = Path.of("/");
    private static final String SERVICE = ".service";

    static String unit(String name, int port) {
        return name + "@" + port;
    }

    /** Starts a unit; returns what went wrong. */
    Optional<String> start(String unit) {
        return fault("start", unit);
    }

    /** Stops a unit, also one that has failed and that systemd would start again; returns what went wrong. */
    Optional<String> stop(String unit) {
        Optional<String> fault = fault("stop", unit);
        ProgramRun.of(PATIENCE, ROOT, "systemctl", "reset-failed", unit);
        return fault;
    }

    boolean isActive(String unit) {
        return fault("is-active", unit).isEmpty();
    }

    /** Lets a unit start with the machine, or not; returns what went wrong. */
    Optional<String> startWithMachine(String unit, boolean enabled) {
        return fault(enabled ? "enable" : "disable", unit);
    }

    List<String> log(String unit, Instant since) {
        return ProgramRun.of(
                        PATIENCE,
                        ROOT,
                        "journalctl",
                        "--unit=" + unit,
                        "--since=@" + since.getEpochSecond(),
                        "--output=cat",
                        "--no-pager")
                .map(run -> run.output().lines().toList())
                .orElse(List.of());
    }

    /** Returns the unit whose main process a process is; empty if there is none. */
    Optional<String> unitOf(RunningProcess process) {
        return cgroups(process.pid())
                .map(line -> line.substring(line.lastIndexOf('/') + 1))
                .filter(name -> name.endsWith(SERVICE) && !name.startsWith("user@"))
                .filter(name -> isMainProcess(name, process.pid()))
                .map(name -> name.substring(0, name.length() - SERVICE.length()))
                .findFirst();
    }

    private static boolean isMainProcess(String unit, long pid) {
        return ProgramRun.of(PATIENCE, ROOT, "systemctl", "show", "--property=MainPID", unit)
                .filter(run -> run.firstLine().equals("MainPID=" + pid))
                .isPresent();
    }

    private static Stream<String> cgroups(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "cgroup"), StandardCharsets.UTF_8).stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private static Optional<String> fault(String verb, String unit) {
        Optional<ProgramRun> run = ProgramRun.of(PATIENCE, ROOT, "systemctl", verb, "--quiet", unit);
        if (run.isEmpty()) {
            return Optional.of("systemctl is missing or does not end");
        }
        return run.get().isGood() ? Optional.empty() : Optional.of(reason(run.get()));
    }

    private static String reason(ProgramRun run) {
        String line = run.firstLine();
        return line.isEmpty() ? "exit code " + run.code() : line;
    }
}
