package dev.turnout.doctor;

import dev.turnout.config.ProcessTable;
import dev.turnout.config.RunningProcess;
import dev.turnout.routing.Target;
import dev.turnout.routing.TcpAddress;
import io.netty.util.NetUtil;
import java.nio.file.Path;
import java.util.Optional;

/** The processes of this machine behind targets. Nothing is known of targets on other machines. All methods block. */
final class LocalProcesses {

    private final ProcessTable processes;

    LocalProcesses(ProcessTable processes) {
        this.processes = processes;
    }

    /** Returns the process behind a target; empty if there is none here, or this user may not see it. */
    Optional<RunningProcess> behind(Target target) {
        return target.address() instanceof TcpAddress tcp && isHere(tcp.host())
                ? processes.listener(tcp.port()).flatMap(ProcessTable.Listener::process)
                : Optional.empty();
    }

    private static boolean isHere(String host) {
        return host.equals("localhost")
                || host.startsWith("127.") && NetUtil.isValidIpV4Address(host)
                || host.equals("::1");
    }

    /** Returns the jar that a process runs by {@code -jar}; empty if the process runs another thing. */
    Optional<Path> jar(RunningProcess process) {
        return process.jar()
                .map(Path::of)
                .flatMap(jar -> jar.isAbsolute()
                        ? Optional.of(jar)
                        : processes.folder(process).map(folder -> folder.resolve(jar)));
    }

    /** Returns a variable of the environment that a process was started with; empty if it can't be read. */
    Optional<String> variable(RunningProcess process, String name) {
        return processes.variable(process, name);
    }
}
