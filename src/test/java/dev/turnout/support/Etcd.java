package dev.turnout.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A real etcd of one node or three, on free ports of loopback. The variable {@code ETCD} names another program than that of
 * the system.
 */
public final class Etcd implements AutoCloseable {

    private final List<Node> nodes = new ArrayList<>();
    private final Path folder;
    private final boolean isSecure;

    /** One node: a process that can be stopped, killed and started again. */
    public final class Node {

        private final String name;
        private final String host;
        private final List<String> prefix;
        private final int client = Ports.next();
        private final int peer = Ports.next();
        private Path data;
        private Process process;

        private Node(String name, String host, List<String> prefix) {
            this.name = name;
            this.host = host;
            this.prefix = prefix;
            this.data = folder.resolve(name);
        }

        /** Returns the address of clients. */
        public URI endpoint() {
            return URI.create((isSecure ? "https://localhost:" : "http://" + host + ":") + client);
        }

        private String peerUrl() {
            return "http://" + host + ":" + peer;
        }

        /** Starts the process. */
        public Node start() {
            String program = Optional.ofNullable(System.getenv("ETCD")).orElse("etcd");
            List<String> words = new ArrayList<>(prefix);
            words.addAll(List.of(
                    program,
                    "--name",
                    name,
                    "--data-dir",
                    data.toString(),
                    "--listen-client-urls",
                    (isSecure ? "https" : "http") + "://" + host + ":" + client,
                    "--advertise-client-urls",
                    endpoint().toString(),
                    "--listen-peer-urls",
                    peerUrl(),
                    "--initial-advertise-peer-urls",
                    peerUrl(),
                    "--initial-cluster",
                    nodes.stream().map(node -> node.name + "=" + node.peerUrl()).collect(Collectors.joining(",")),
                    "--logger",
                    "zap"));
            if (isSecure) {
                words.addAll(List.of(
                        "--cert-file",
                        folder.resolve("server.pem").toString(),
                        "--key-file",
                        folder.resolve("server.pem").toString(),
                        "--trusted-ca-file",
                        folder.resolve("ca.pem").toString(),
                        "--client-cert-auth"));
            }
            process = run(words);
            return this;
        }

        /** Stops the process without a word: it keeps its connections, and answers nothing. */
        public void freeze() {
            signal("STOP");
        }

        /** Lets the process go on. */
        public void thaw() {
            signal("CONT");
        }

        private void signal(String name) {
            await(run(List.of("kill", "-" + name, String.valueOf(process.pid()))));
        }

        /** Returns true if the node leads the others now. */
        public boolean isLeader() {
            return isSaying(", true, ", "--endpoints=" + endpoint(), "endpoint", "status", "-w", "simple");
        }

        /** Kills the process. */
        public void die() {
            if (process != null) {
                process.destroyForcibly();
                await(process);
            }
        }
    }

    private Etcd(int count, Path folder, boolean isSecure) {
        this.folder = folder;
        this.isSecure = isSecure;
        for (int i = 0; i < count; i++) {
            nodes.add(new Node("n" + i, "127.0.0.1", List.of()));
        }
    }

    /** Starts a node on each of some hosts and waits until they serve. */
    public static Etcd on(List<TestNetwork.Host> hosts) {
        Etcd etcd = new Etcd(0, newFolder(), false);
        hosts.forEach(host -> etcd.nodes.add(etcd.new Node("n" + etcd.nodes.size(), host.address(), host.prefix())));
        return etcd.started();
    }

    /** Starts one node and waits until it serves. */
    public static Etcd start() {
        return start(1);
    }

    /** Starts nodes and waits until they serve. */
    public static Etcd start(int count) {
        return new Etcd(count, newFolder(), false).started();
    }

    /** Starts one node that speaks TLS and asks clients for a certificate of the same authority. */
    public static Etcd secured(TestAuthority authority) {
        Path folder = newFolder();
        TestAuthority.Issued issued = authority.issue("localhost");
        try {
            Files.writeString(folder.resolve("ca.pem"), authority.pem());
            Files.writeString(folder.resolve("server.pem"), issued.chainPem() + issued.keyPem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Etcd(1, folder, true).started();
    }

    private static Path newFolder() {
        try {
            Path all = Files.createDirectories(Path.of("target", "e2e").toAbsolutePath());
            return Files.createTempDirectory(all, "etcd");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Etcd started() {
        nodes.forEach(Node::start);
        awaitService();
        return this;
    }

    /** Waits until the store takes writes. */
    public void awaitService() {
        if (isSecure) {
            Await.until("etcd listens", () -> Ports.isListening("127.0.0.1", nodes.get(0).client));
        } else {
            Await.until(
                    () -> "etcd serves; its log is in " + folder,
                    Await.LONG_PATIENCE,
                    () -> isDone("put", "awaited", "yes"));
        }
    }

    public Node node(int index) {
        return nodes.get(index);
    }

    /** Returns the addresses of all nodes. */
    public List<URI> endpoints() {
        return nodes.stream().map(Node::endpoint).toList();
    }

    /** Returns the addresses of all nodes, with commas between them. */
    public String addresses() {
        return endpoints().stream().map(URI::toString).collect(Collectors.joining(","));
    }

    /** Runs {@code etcdctl} against all nodes and returns what it prints. */
    public String control(String... words) {
        Answer answer = ask(words);
        if (answer.status() != 0) {
            throw new AssertionError("etcdctl " + Arrays.toString(words) + ": " + answer.printed());
        }
        return answer.printed();
    }

    /** Forgets the history before now. It asks again where a node has just come back and does not answer yet. */
    public void compact() {
        Await.until(() -> "etcd forgets its history; its log is in " + folder, this::isCompacted);
    }

    private boolean isCompacted() {
        Answer read = ask("get", "any", "-w", "fields");
        if (read.status() != 0) {
            return false;
        }
        String revision = read.printed()
                .lines()
                .filter(line -> line.startsWith("\"Revision\""))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .findFirst()
                .orElseThrow();
        Answer compaction = ask("compact", revision);
        return compaction.status() == 0 || compaction.printed().contains("has been compacted");
    }

    /** Ends all leases. One that ends by itself meanwhile is ended too. */
    public void revokeLeases() {
        control("lease", "list")
                .lines()
                .filter(line -> line.matches("[0-9a-f]{16}"))
                .forEach(lease -> {
                    boolean isRevoked = isDone("lease", "revoke", lease);
                    if (!isRevoked && control("lease", "list").contains(lease)) {
                        throw new AssertionError("lease " + lease + " could not be revoked");
                    }
                });
    }

    /** Runs {@code etcdctl} as the user {@code root}, whose password is {@code root}. */
    public void asRoot(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--user=root:root");
        control(all.toArray(String[]::new));
    }

    /** Returns true if {@code etcdctl} prints some words. False if it fails. */
    private boolean isSaying(String wanted, String... words) {
        Answer answer = ask(words);
        return answer.status() == 0 && answer.printed().contains(wanted);
    }

    private boolean isDone(String... words) {
        return ask(words).status() == 0;
    }

    /** What {@code etcdctl} printed, and the status it ended with. */
    private record Answer(int status, String printed) {}

    private Answer ask(String... words) {
        Process process = run(controlWords(addresses(), words));
        try {
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(await(process), printed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> controlWords(String endpoints, String... words) {
        String program = Optional.ofNullable(System.getenv("ETCD"))
                .map(etcd -> Path.of(etcd).resolveSibling("etcdctl").toString())
                .orElse("etcdctl");
        List<String> all = new ArrayList<>(
                List.of("env", "ETCDCTL_API=3", program, "--command-timeout=2s", "--endpoints=" + endpoints));
        all.addAll(List.of(words));
        return all;
    }

    /** Saves what the only node holds. Returns the file, for {@link #putBack}. */
    public Path save() {
        Path file = folder.resolve("saved-" + System.nanoTime());
        control("snapshot", "save", file.toString());
        return file;
    }

    /** Kills the only node and starts it with what was saved, as another store. */
    public void putBack(Path saved) {
        Node node = nodes.get(0);
        node.die();
        node.data = folder.resolve("restored-" + System.nanoTime());
        control(
                "snapshot",
                "restore",
                saved.toString(),
                "--data-dir",
                node.data.toString(),
                "--name",
                node.name,
                "--initial-cluster",
                node.name + "=" + node.peerUrl(),
                "--initial-advertise-peer-urls",
                node.peerUrl(),
                "--initial-cluster-token",
                "restored");
        node.start();
        awaitService();
    }

    /** Kills the only node and starts it with nothing, as after the loss of its disk. */
    public void forget() {
        Node node = nodes.get(0);
        node.die();
        node.data = folder.resolve("empty-" + System.nanoTime());
        node.start();
        awaitService();
    }

    private Process run(List<String> words) {
        try {
            ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
            if (words.contains("--data-dir") && !words.contains("restore")) {
                builder.redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
            }
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        nodes.forEach(Node::die);
    }
}
