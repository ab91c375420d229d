package dev.turnout.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The packaged Turnout, running as a process of its own on free ports.
 *
 * <p>The artefact is what gets installed, {@code target/turnout/turnout} with the archive of classes that belongs to it, or
 * the executable that the environment names as {@code TURNOUT_BINARY}. Everything it prints is kept.
 */
public final class TurnoutProcess implements AutoCloseable {

    private static final Duration START = Await.LONG_PATIENCE;
    private static final Duration END = Duration.ofSeconds(40);

    private final Settings settings;
    private final Process process;
    private final StringBuffer log = new StringBuffer();
    private final CompletableFuture<ReadyLine> ready = new CompletableFuture<>();
    private final Thread reader;
    private Admin admin;

    private TurnoutProcess(Settings settings) throws IOException {
        this.settings = settings;
        this.process = new ProcessBuilder(settings.command())
                .redirectErrorStream(true)
                .directory(settings.folder.toFile())
                .start();
        this.reader = new Thread(this::readLog, "log of Turnout " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Returns true if these tests run a native executable, and false if they run jars on a JVM. */
    public static boolean isNative() {
        return System.getenv("TURNOUT_BINARY") != null;
    }

    /** Settings for a Turnout that is not started yet. */
    public static Settings with() {
        return new Settings();
    }

    /** What a Turnout is started with; for one thread. */
    public static final class Settings {

        private final Map<String, String> properties = new LinkedHashMap<>();
        private final List<String> jvm = new ArrayList<>(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-Dio.netty.leakDetection.level=simple",
                "-Dio.netty.leakDetection.samplingInterval=1"));
        private final List<String> prefix = new ArrayList<>();
        private final Path folder;
        private boolean inFile;

        private Settings() {
            try {
                Path all = Files.createDirectories(Path.of("target", "e2e").toAbsolutePath());
                folder = Files.createTempDirectory(all, "turnout");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            set("turnout.listen.host", "127.0.0.1");
            set("turnout.listen.port", String.valueOf(Ports.next()));
            set("turnout.admin.port", String.valueOf(Ports.next()));
            set("turnout.state.directory", folder.resolve("state").toString());
            set("turnout.health.path", Backend.PROBE_PATH);
            set("turnout.health.interval", "50ms");
        }

        /** A property, {@code turnout.} included. */
        public Settings set(String key, String value) {
            properties.put(key, value);
            return this;
        }

        /** The targets of slot blue. */
        public Settings blue(Backend... targets) {
            return set("turnout.blue", addresses(targets));
        }

        /** The targets of slot green. */
        public Settings green(Backend... targets) {
            return set("turnout.green", addresses(targets));
        }

        /** Serves HTTPS too, at a port of its own, with a new certificate of an authority for these names. */
        public Settings tls(TestAuthority authority, String... names) {
            try {
                Path certificates = Files.createDirectories(folder.resolve("certificates"));
                authority.issue(names).write(certificates, names[0]);
                set("turnout.tls.port", String.valueOf(Ports.next()));
                return set("turnout.tls.directory", certificates.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** An option of the JVM; without meaning for a native executable. */
        public Settings jvm(String option) {
            jvm.add(option);
            return this;
        }

        /** A variable of its environment. */
        public Settings environment(String name, String value) {
            prefix.addAll(List.of("env", name + "=" + value));
            return this;
        }

        /** The most files and sockets that it may have open. */
        public Settings openFiles(int most) {
            prefix.addAll(List.of("prlimit", "--nofile=" + most + ":" + most));
            return this;
        }

        /** Where it runs: it listens at the address of that host, with a token for its admin API. */
        public Settings on(TestNetwork.Host host) {
            prefix.addAll(host.prefix());
            return set("turnout.listen.host", host.address())
                    .set("turnout.admin.host", host.address())
                    .set("turnout.admin.token", "a-token-for-this-network");
        }

        /** The user that it runs as, by number; only root can start it so. */
        public Settings user(int id) {
            prefix.addAll(List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups"));
            return this;
        }

        /** Where its state is kept, the default place of {@code turnout.state.directory} in these tests. */
        public Path stateDirectory() {
            return Path.of(properties.get("turnout.state.directory"));
        }

        /** Has the settings stand in the file of the working directory, so that they can change while it runs. */
        public Settings inFile() {
            inFile = true;
            return this;
        }

        /** A property that is not given, {@code turnout.} included. */
        public Settings unset(String key) {
            properties.remove(key);
            return this;
        }

        /** The file of {@link #inFile()}. */
        public Path file() {
            return folder.resolve("application.properties");
        }

        /** Replaces the file by one with the settings of now, in one step: a reload may be reading it. */
        public Settings write() {
            List<String> lines = properties.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .toList();
            try {
                Path next = file().resolveSibling(file().getFileName() + ".next");
                Files.write(next, lines);
                Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Starts it and waits until it says that it is ready. */
        public TurnoutProcess start() {
            TurnoutProcess started = launch();
            try {
                started.awaitReady();
            } catch (AssertionError e) {
                started.close();
                throw e;
            }
            return started;
        }

        /** Starts it and does not wait: for a start that is to be refused. */
        public TurnoutProcess launch() {
            try {
                return new TurnoutProcess(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Optional<String> token() {
            return Optional.ofNullable(properties.get("turnout.admin.token"));
        }

        public List<String> command() {
            List<String> command = new ArrayList<>(prefix);
            List<String> settings = new ArrayList<>();
            if (inFile) {
                write();
            } else {
                properties.forEach((key, value) -> settings.add("-D" + key + "=" + value));
            }
            String binary = System.getenv("TURNOUT_BINARY");
            // A JVM leaves SIGHUP ignored if its parent does, and whoever runs the tests by nohup does.
            command.addAll(List.of("env", "--default-signal=HUP"));
            if (binary != null) {
                command.add(Path.of(binary).toAbsolutePath().toString());
            } else {
                command.add("JAVA_HOME=" + System.getProperty("java.home"));
                command.add(
                        Path.of("target", "turnout", "turnout").toAbsolutePath().toString());
                command.addAll(jvm);
            }
            command.addAll(settings);
            return command;
        }

        private static String addresses(Backend... targets) {
            return String.join(
                    ",", List.of(targets).stream().map(Backend::address).toList());
        }
    }

    /** Where clients connect to. */
    public URI front() {
        return awaitReady().front();
    }

    /** Where clients connect to by HTTPS, see {@link Settings#tls}. */
    public URI secureFront() {
        return awaitReady().secureFront().orElseThrow();
    }

    /** Where operators connect to. */
    public URI adminAddress() {
        return awaitReady().admin();
    }

    /** The admin API, with the configured token if there is one. */
    public synchronized Admin admin() {
        if (admin == null) {
            admin = new Admin(adminAddress(), settings.token());
        }
        return admin;
    }

    /** The line that it says once it serves; waits for it. */
    public ReadyLine awaitReady() {
        try {
            return ready.get(START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError("Turnout did not become ready:\n" + log, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A new connection to the front port. */
    public RawClient connect() throws IOException {
        return RawClient.to(front());
    }

    /** A new connection to the port for HTTPS, with a server name. */
    public RawClient connectSecure(String name) throws IOException {
        return RawClient.secure(secureFront(), name);
    }

    /** Everything it has printed. */
    public String log() {
        return log.toString();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its resident memory now, in bytes; read from /proc. */
    public long residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files, and {@code socket:[...]}, that it has open now; read from /proc. */
    public List<String> openFiles() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return descriptors.map(TurnoutProcess::destination).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String destination(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "closed in the meantime";
        }
    }

    /** Changes, while it runs, how many files and sockets it may have open. */
    public void limitOpenFiles(int most) {
        try {
            // The hard limit stays, so that the soft one can be raised again.
            int code = new ProcessBuilder("prlimit", "--pid", String.valueOf(pid()), "--nofile=" + most + ":")
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("prlimit ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** How many sockets it has open now, less those that listen and talk on the admin port; read from /proc. */
    public long trafficSockets() {
        Set<String> adminSockets = connections()
                .filter(columns -> port(columns[1]) == adminAddress().getPort())
                .map(columns -> "socket:[" + columns[9] + "]")
                .collect(Collectors.toSet());
        return openFiles().stream()
                .filter(file -> file.startsWith("socket:") && !adminSockets.contains(file))
                .count();
    }

    /** How many of its established connections to a port the system looks after with a timer, by SO_KEEPALIVE. */
    public long keptAlive(int port) {
        return connections()
                .filter(columns -> port(columns[2]) == port && columns[3].equals("01") && columns[5].startsWith("02:"))
                .filter(columns -> openFiles().contains("socket:[" + columns[9] + "]"))
                .count();
    }

    /** The lines of the system's tables of TCP connections, column by column: proc(5). */
    private Stream<String[]> connections() {
        return Stream.of("tcp", "tcp6")
                .flatMap(table -> {
                    try {
                        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/net/" + table)).stream()
                                .skip(1);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .map(line -> line.trim().split("\\s+"));
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }

    /**
     * Makes the JVM look for garbage now, so that Netty can tell of buffers that nobody has released. Does nothing to an
     * executable: jcmd would wait ten seconds for an answer.
     */
    public void collectGarbage() {
        if (isNative()) {
            return;
        }
        try {
            new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            String.valueOf(process.pid()),
                            "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Sends a signal, such as HUP, and does not wait for what it does. */
    public void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Sends SIGTERM and does not wait. */
    public void terminate() {
        // The process's own method would close its output, and what it says at its end is of interest.
        process.toHandle().destroy();
    }

    /** Sends SIGKILL and waits until the process is gone. */
    public void kill9() {
        process.toHandle().destroyForcibly();
        awaitExit();
    }

    /** Waits until the process has ended by itself, and returns its exit code. */
    public int awaitExit() {
        try {
            if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("Turnout did not end:\n" + log);
            }
            reader.join(END.toMillis());
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Starts a successor of an ended one, or of one that hands over: the same settings, state and ports. */
    public TurnoutProcess restart() {
        return successor().start();
    }

    /** As {@link #restart}, but does not wait: for a successor that is to be refused. */
    public TurnoutProcess launchSuccessor() {
        return successor().launch();
    }

    /** The command that starts a successor. */
    public List<String> successorCommand() {
        return successor().command();
    }

    private Settings successor() {
        if (front().getScheme().equals("http")) {
            settings.set("turnout.listen.port", String.valueOf(front().getPort()));
        }
        awaitReady()
                .secureFront()
                .ifPresent(secure -> settings.set("turnout.tls.port", String.valueOf(secure.getPort())));
        settings.set("turnout.admin.port", String.valueOf(adminAddress().getPort()));
        return settings;
    }

    /** Ends it at once if it still runs. */
    @Override
    public void close() {
        kill9();
    }

    private void readLog() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.append(line).append('\n');
                ReadyLine.find(line).ifPresent(ready::complete);
            }
        } catch (IOException e) {
            log.append("(log lost: ").append(e).append(")\n");
        } finally {
            ready.completeExceptionally(new IllegalStateException("it ended"));
        }
    }
}
