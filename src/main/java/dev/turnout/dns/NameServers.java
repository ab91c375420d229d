package dev.turnout.dns;

import dev.turnout.routing.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Which name servers are asked: a configured one, or those of {@code /etc/resolv.conf}, which is read each time. */
final class NameServers {

    private static final int PORT = 53;
    private static final int MOST = 3;
    private static final String WORD = "nameserver";

    private final Supplier<Optional<HostPort>> configured;
    private final Path system;

    NameServers(Supplier<Optional<HostPort>> configured, Path system) {
        this.configured = configured;
        this.system = system;
    }

    /**
     * Returns them in their order.
     *
     * @throws LookUpFailed if there is none
     */
    List<HostPort> now() throws LookUpFailed {
        Optional<HostPort> given = configured.get();
        if (given.isPresent()) {
            return List.of(given.get());
        }
        List<HostPort> servers = ofSystem();
        if (servers.isEmpty()) {
            throw new LookUpFailed(system + " names no name server");
        }
        return servers;
    }

    private List<HostPort> ofSystem() throws LookUpFailed {
        try {
            return Files.readAllLines(system, StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(words -> words.length > 1 && words[0].equals(WORD))
                    .map(words -> new HostPort(words[1], PORT))
                    .limit(MOST)
                    .toList();
        } catch (IOException e) {
            throw new LookUpFailed(system + " can't be read: " + e.getMessage());
        }
    }
}
