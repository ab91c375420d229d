package dev.turnout.deployment;

import dev.turnout.config.ProcessTable;
import dev.turnout.routing.Target;
import dev.turnout.routing.TcpAddress;
import dev.turnout.routing.VisibleText;
import dev.turnout.store.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** This machine, as a place where versions run. All methods block. */
final class LocalMachine {

    private static final int LAST_LINES = 20;

    /** How much of the end of a log is read. Bytes. */
    private static final int TAIL = 64 * 1024;

    private final DeployFolder folder;
    private final Voice voice;
    private final ProcessTable processes = new ProcessTable();
    private final Systemd systemd = new Systemd();
    private final JarCopies copies;
    private final Starter starter;
    private final Stopper stopper;
    private final Occupants occupants;

    LocalMachine(DeployFolder folder, boolean isFolderGiven, Voice voice) {
        this.folder = folder;
        this.voice = voice;
        this.copies = new JarCopies(folder, isFolderGiven);
        this.starter = new Starter(folder, processes, systemd, copies);
        this.stopper = new Stopper(folder, processes, systemd, voice);
        this.occupants = new Occupants(folder, processes, systemd, stopper);
    }

    DeployFolder folder() {
        return folder;
    }

    Starter starter() {
        return starter;
    }

    Stopper stopper() {
        return stopper;
    }

    Occupants occupants() {
        return occupants;
    }

    boolean isListenedTo(Target target) {
        return processes.isListenedTo(target.tcp().port());
    }

    /** Fails if a target is a Unix socket: each process of a deployment is given the number of its port. */
    static void requirePorts(List<Target> targets) throws DeploymentFailed {
        for (Target target : targets) {
            if (target.isUnix()) {
                throw new DeploymentFailed(
                        DeploymentFailed.USAGE,
                        "the target " + target + " is a Unix socket, and a deployment gives each process a port: start"
                                + " the new version yourself, then run 'turnout switch'",
                        "대상 " + target + "은(는) Unix 소켓인데, 배포는 프로세스마다 포트를 지정합니다: 새 버전을 직접 시작한 뒤"
                                + " 'turnout switch'를 실행하세요");
            }
        }
    }

    /** Fails unless all targets are ports of this machine. */
    void requireHere(List<Target> targets) throws DeploymentFailed {
        requirePorts(targets);
        for (Target target : targets) {
            if (!isHere(target)) {
                throw new DeploymentFailed(
                        DeploymentFailed.USAGE,
                        "the target " + target + " is not on this machine: run this where it is",
                        "대상 " + target + "이(가) 이 서버에 없습니다: 그 서버에서 실행하세요");
            }
        }
    }

    /** Fails if the jar of a version can't be copied to where the version reads it. */
    void requirePlace(Launch launch) throws DeploymentFailed {
        try {
            copies.check(launch);
        } catch (IOException e) {
            throw new DeploymentFailed(DeploymentFailed.USAGE, Reason.of(e), Reason.of(e));
        }
    }

    /** Tells root as whom a version will run, unless a unit of systemd says so. */
    void tellUser(Launch launch) {
        if (DeployFolder.user() == 0 && !(launch instanceof Launch.SystemdUnit)) {
            voice.say(
                    "the application will run as root; 'turnout deploy --systemd app' gives it a user of its own",
                    "애플리케이션이 root로 실행됩니다. 'turnout deploy --systemd app'을 쓰면 전용 사용자로 실행됩니다");
        }
    }

    boolean isHere(Target target) {
        if (!(target.address() instanceof TcpAddress tcp)) {
            return false;
        }
        try {
            InetAddress address = InetAddress.getByName(tcp.host());
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (UnknownHostException | SocketException e) {
            return false;
        }
    }

    /** Starts units of the new version with the machine, and no longer those of the old version. */
    void rememberForReboot(List<Instance> next, List<Instance> old) {
        next.forEach(instance -> enable(instance, true));
        old.forEach(instance -> enable(instance, false));
    }

    /** Notes that instances serve: a rollback may go back to them. */
    void noteServing(List<Instance> instances) {
        for (Instance instance : instances) {
            try {
                instance.serving().write(folder);
            } catch (IOException e) {
                voice.say("warning: " + e.getMessage(), "경고: " + e.getMessage());
            }
        }
    }

    private void enable(Instance instance, boolean enabled) {
        instance.unit()
                .flatMap(unit -> systemd.startWithMachine(unit, enabled))
                .ifPresent(fault -> voice.say(
                        "warning: " + instance.name() + " could not be " + (enabled ? "enabled: " : "disabled: ")
                                + fault,
                        "경고: " + instance.name() + (enabled ? " enable 실패: " : " disable 실패: ") + fault));
    }

    /** Prints the end of what an instance wrote, without the lines of stack frames. */
    void showLog(Instance instance, Instant since) {
        voice.say("the last lines of the log of " + instance.name() + ":", instance.name() + " 로그의 마지막 줄:");
        List<String> lines = lines(instance, since).stream()
                .filter(line -> !line.matches("\\s+at .*"))
                .toList();
        lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()).forEach(line -> {
            String visible = "        | " + VisibleText.of(line, VisibleText.SHORT);
            voice.say(visible, visible);
        });
        String all = instance.unit().map(unit -> "journalctl -u " + unit).orElseGet(() -> folder.log(instance.port())
                .toString());
        voice.say("all of it: " + all, "전체 로그: " + all);
    }

    private List<String> lines(Instance instance, Instant since) {
        if (instance.unit().isPresent()) {
            return systemd.log(instance.unit().get(), since);
        }
        Path log = folder.log(instance.port());
        try (var channel = Files.newByteChannel(log)) {
            channel.position(Math.max(0, channel.size() - TAIL));
            var bytes = java.nio.ByteBuffer.allocate(TAIL);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Reads on to the end.
                continue;
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            return List.of("(" + log + " can't be read: " + e.getMessage() + ")");
        }
    }

    /** Returns what was started on a target last, if it still runs. */
    Optional<Instance> running(Target target) {
        return target.address() instanceof TcpAddress tcp
                ? Instance.read(folder, tcp.port()).filter(stopper::isRunning)
                : Optional.empty();
    }
}
