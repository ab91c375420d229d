package dev.turnout.e2e;

import dev.turnout.support.Await;
import dev.turnout.support.ReadyLine;
import dev.turnout.support.TestFolder;
import dev.turnout.support.TurnoutProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Turnout run as systemd runs a service with a socket: by {@code supervisor.pl}, which keeps the listening socket while
 * one process follows another. Everything that is said is kept, line by line.
 */
final class ServiceUnit implements AutoCloseable {

    private static final Path SUPERVISOR = Path.of("src", "test", "resources", "supervisor.pl");

    private static final String FRONT = "turnout.socket";
    private static final String TLS = "tls";

    private final Process supervisor;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;
    private final TestFolder folder;

    private ServiceUnit(TurnoutProcess.Settings settings, boolean blocking, String names) throws IOException {
        folder = TestFolder.create("turnout");
        List<String> command = new ArrayList<>(List.of(
                "perl",
                SUPERVISOR.toAbsolutePath().toString(),
                folder.path().resolve("notify").toString(),
                blocking ? "blocking" : "nonblocking",
                names));
        command.addAll(settings.command());
        supervisor = new ProcessBuilder(command).redirectErrorStream(true).start();
        reader = new Thread(this::read, "log of the service unit");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts it with the kind of socket that the unit's {@code NonBlocking=yes} gives. */
    static ServiceUnit start(TurnoutProcess.Settings settings) {
        return start(settings, false, FRONT);
    }

    /** Starts it with two sockets, of which the second one is for HTTPS. */
    static ServiceUnit startWithTls(TurnoutProcess.Settings settings) {
        return start(settings, false, FRONT + ":" + TLS);
    }

    /** Starts it with a socket that blocks. */
    static ServiceUnit startBlocking(TurnoutProcess.Settings settings) {
        return start(settings, true, FRONT);
    }

    private static ServiceUnit start(TurnoutProcess.Settings settings, boolean blocking, String names) {
        try {
            return new ServiceUnit(settings, blocking, names);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until as many processes as that, one after another, have said that they serve. */
    ReadyLine awaitReady(int process) {
        Await.until(
                "process " + process + " of the unit to be ready, in:\n" + log(),
                () -> count("notified READY=1") >= process);
        return lines.stream()
                .filter(line -> !line.startsWith("notified "))
                .map(ReadyLine::find)
                .flatMap(Optional::stream)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    /** Where clients connect to: that is known before anything serves. */
    URI front() {
        return URI.create("http://127.0.0.1:" + port(FRONT));
    }

    /** Where clients connect to by HTTPS. */
    URI secureFront() {
        return URI.create("https://127.0.0.1:" + port(TLS));
    }

    private String port(String name) {
        String beginning = name + " listens at ";
        Await.until("the socket", () -> count(beginning) == 1);
        return lines.stream()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow()
                .substring(beginning.length());
    }

    /** How many lines begin with this. */
    long count(String beginning) {
        return lines.stream().filter(line -> line.startsWith(beginning)).count();
    }

    /** Has the process that runs now stopped by SIGTERM and another one started after it. */
    void restart() {
        say("restart\n");
    }

    /** Has the process stopped by SIGTERM for good. */
    void stop() {
        say("stop\n");
    }

    private void say(String word) {
        try {
            OutputStream in = supervisor.getOutputStream();
            in.write(word.getBytes(StandardCharsets.US_ASCII));
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String log() {
        return String.join("\n", lines);
    }

    private void read() {
        try (BufferedReader log =
                new BufferedReader(new InputStreamReader(supervisor.getInputStream(), StandardCharsets.UTF_8))) {
            log.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("(log lost: " + e + ")");
        }
    }

    @Override
    public void close() {
        try {
            supervisor.getOutputStream().close();
            supervisor.waitFor();
            folder.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
