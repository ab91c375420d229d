package dev.turnout.nginx;

import dev.turnout.routing.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What Linux tells of a running nginx: its master and workers by their titles, and the connections in its network
 * namespace. A worker of an earlier configuration has {@code worker process is shutting down} for its title, takes no
 * connection any more, and ends when the last request that it has begun has ended.
 */
final class NginxProcesses {

    private static final String MASTER = "nginx: master process";
    private static final String WORKER = "nginx: worker process";
    private static final String LEAVING = "nginx: worker process is shutting down";
    private static final String ESTABLISHED = "01";

    private final Path pidFile;

    NginxProcesses(Path pidFile) {
        this.pidFile = pidFile;
    }

    Path pidFile() {
        return pidFile;
    }

    /** The nginx whose id the pid file holds; empty if none runs or it cannot be seen. */
    Optional<WorkerGeneration> now() {
        return master().map(master -> {
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
        });
    }

    /** When each worker that takes connections was started; true to two seconds, the kernel's boot time being rounded. */
    List<Instant> startsOf(WorkerGeneration generation) {
        return generation.serving().stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .flatMap(process -> process.info().startInstant().stream())
                .toList();
    }

    /** Which of some workers have not ended yet. */
    List<Long> alive(Collection<Long> workers) {
        return workers.stream()
                .filter(pid -> title(pid).startsWith(WORKER))
                .sorted()
                .toList();
    }

    /** How many connections to a target are established where nginx runs, by whichever process. */
    long connectionsTo(Target target) {
        Set<String> remotes = procAddresses(target);
        return master().stream()
                .flatMap(master -> Stream.of("tcp", "tcp6").map(table -> Path.of("/proc/" + master + "/net/" + table)))
                .flatMap(NginxProcesses::lines)
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields.length > 3 && fields[3].equals(ESTABLISHED) && remotes.contains(fields[2]))
                .count();
    }

    private Optional<Long> master() {
        try {
            long pid = Long.parseLong(Files.readString(pidFile).strip());
            return title(pid).startsWith(MASTER) ? Optional.of(pid) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Empty for a process that has ended, waited for or not. */
    private static String title(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    /** Addresses as the kernel's tables have them: 32-bit words in the machine's order, which is little-endian. */
    private static Set<String> procAddresses(Target target) {
        Set<String> all = new HashSet<>();
        String port = String.format(":%04X", target.port());
        try {
            for (InetAddress address : InetAddress.getAllByName(target.host())) {
                String words = kernelWords(address.getAddress());
                all.add(words + port);
                if (address.getAddress().length == 4) {
                    all.add("0000000000000000FFFF0000" + words + port);
                }
            }
        } catch (UnknownHostException e) {
            return Set.of();
        }
        return all;
    }

    private static String kernelWords(byte[] address) {
        StringBuilder words = new StringBuilder();
        HexFormat hex = HexFormat.of().withUpperCase();
        for (int word = 0; word < address.length; word += 4) {
            for (int i = 3; i >= 0; i--) {
                words.append(hex.toHexDigits(address[word + i]));
            }
        }
        return words.toString();
    }
}
