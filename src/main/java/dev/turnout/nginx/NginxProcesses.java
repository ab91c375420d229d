package dev.turnout.nginx;

import dev.turnout.config.SocketTable;
import dev.turnout.routing.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The processes of a running nginx, as Linux shows them: master and workers by their titles, and the connections in the
 * network namespace. A worker of an earlier configuration has the title {@code worker process is shutting down}. Such a
 * worker takes no connection any more, and ends when its last request has ended.
 *
 * <p>An upgrade of nginx's program has two masters for a time: USR2 starts the new master, and QUIT ends the old master as
 * soon as its workers have ended. Until then nginx keeps the id of the old master in {@code <pid file>.oldbin}.
 */
final class NginxProcesses {

    private static final String MASTER = "nginx: master process";
    private static final String WORKER = "nginx: worker process";
    private static final String LEAVING = "nginx: worker process is shutting down";

    private final Path pidFile;
    private final Path pidFileBeforeUpgrade;

    NginxProcesses(Path pidFile) {
        this.pidFile = pidFile;
        this.pidFileBeforeUpgrade = pidFile.resolveSibling(pidFile.getFileName() + ".oldbin");
    }

    Path pidFile() {
        return pidFile;
    }

    /** Returns the nginx whose id the pid file holds; empty if none runs or it cannot be seen. */
    Optional<WorkerGeneration> now() {
        return master(pidFile).map(NginxProcesses::generation);
    }

    /** Returns the nginx from before an upgrade of its program; empty if it has ended or cannot be seen. */
    Optional<WorkerGeneration> beforeUpgrade() {
        return master(pidFileBeforeUpgrade).map(NginxProcesses::generation);
    }

    private static WorkerGeneration generation(long master) {
        Set<Long> serving = new HashSet<>();
        Set<Long> leaving = new HashSet<>();
        ProcessHandle.of(master).stream().flatMap(ProcessHandle::children).forEach(child -> {
            String title = title(child.pid());
            if (title.startsWith(LEAVING)) {
                leaving.add(child.pid());
            } else if (title.startsWith(WORKER)) {
                serving.add(child.pid());
            }
        });
        return new WorkerGeneration(master, Set.copyOf(serving), Set.copyOf(leaving));
    }

    /** Returns when each worker that serves now was started, to two seconds: the kernel rounds its boot time. */
    List<Instant> starts() {
        return Stream.of(now(), beforeUpgrade())
                .flatMap(Optional::stream)
                .flatMap(generation -> generation.serving().stream())
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .flatMap(process -> process.info().startInstant().stream())
                .toList();
    }

    /** Returns which of some workers have not ended yet. */
    List<Long> alive(Collection<Long> workers) {
        return workers.stream()
                .filter(pid -> title(pid).startsWith(WORKER))
                .sorted()
                .toList();
    }

    /** Returns how many connections to a target are established where nginx runs, by whichever process. */
    long connectionsTo(Target target) {
        return master(pidFile)
                .map(master -> SocketTable.of(Path.of("/proc/" + master)).connectionsTo(target))
                .orElse(0L);
    }

    private static Optional<Long> master(Path pidFile) {
        try {
            long pid = Long.parseLong(Files.readString(pidFile).strip());
            return title(pid).startsWith(MASTER) ? Optional.of(pid) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Returns the title of a process; empty if the process has ended. */
    private static String title(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
