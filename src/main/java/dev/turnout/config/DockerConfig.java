package dev.turnout.config;

import java.nio.file.Path;
import java.util.Optional;

/** Keys under {@code turnout.docker}: targets from the labels of containers, of Docker or Podman. */
public final class DockerConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Path> SOCKET = KEYS.add(Key.of("docker.socket", ValueType.path())
            .english(
                    "The Unix socket of a container engine (Docker, Podman), or of a proxy that lets `GET` through only,"
                            + " such as `/run/turnout/docker.sock`. A container with the label `turnout.service` becomes a target"
                            + " when it comes. Without a value no engine is asked."));

    static final Key<String> NETWORK = KEYS.add(Key.of("docker.network", ValueType.visible())
            .english(
                    "The network whose address of a container is the target. Needed for containers in more than one."));

    static final Key<ContainerAddress> ADDRESS = KEYS.add(Key.of(
                    "docker.address", ValueType.word(ContainerAddress.values()))
            .byDefault("container")
            .english("`container` speaks to the container's own address, `published` to the port of the machine that"
                    + " it publishes. Rootless engines need `published`."));

    /** Where a container is spoken to. */
    public enum ContainerAddress {
        CONTAINER,
        PUBLISHED
    }

    private final Values values;

    DockerConfig(Values values) {
        this.values = values;
    }

    /** Returns the socket of the engine; empty if no engine is asked. */
    public Optional<Path> socket() {
        return values.find(SOCKET);
    }

    public Optional<String> network() {
        return values.find(NETWORK);
    }

    public ContainerAddress address() {
        return values.get(ADDRESS);
    }
}
