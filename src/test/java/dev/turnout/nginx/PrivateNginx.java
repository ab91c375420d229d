package dev.turnout.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.NginxConfig.Style;
import dev.turnout.support.Await;
import dev.turnout.support.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A real nginx with a prefix, a port and a pid file of its own, that has nothing to do with the system's. For one thread. */
final class PrivateNginx implements AutoCloseable {

    private static final int WORKERS = 2;

    private final Path folder;
    private final Path include;
    private final int port;
    private Process started;
    private ProcessHandle master;

    private PrivateNginx(Path folder, String site, String include) throws IOException {
        this.folder = Files.createDirectories(folder.toAbsolutePath());
        Path shared = Files.createDirectories(folder.resolve("conf.d"));
        this.include = shared.resolve("service-url.inc");
        this.port = Ports.next();
        Files.writeString(this.include, include);
        Files.writeString(
                folder.resolve("site.conf"),
                site.replace("listen 80;", "listen 127.0.0.1:" + port + ";")
                        .replace("listen [::]:80;", "")
                        .replace("/etc/nginx/conf.d/service-url.inc", this.include.toString()));
        Files.writeString(folder.resolve("nginx.conf"), """
                %s
                worker_processes %d;
                pid %s;
                error_log %s notice;
                events { worker_connections 512; }
                http {
                    access_log off;
                    keepalive_requests 1000000;
                    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
                    include %s/*.conf;
                }
                """.formatted(
                        isRoot() ? "user root;" : "", WORKERS, pid(), errorLog(), folder.resolve("sites")));
        Files.createDirectories(folder.resolve("sites"));
        Files.move(folder.resolve("site.conf"), folder.resolve("sites/site.conf"));
    }

    /** One of the sites in nginx-compat, with an include that sends to a target. */
    static PrivateNginx of(Style style, Path folder, String target) throws IOException {
        String word = style.name().toLowerCase(Locale.ROOT);
        String include = style == Style.VARIABLE ? "service-url.inc" : "service-url.upstream.inc";
        return start(
                folder,
                Files.readString(Path.of("nginx-compat", word + "-site.conf")),
                Files.readString(Path.of("nginx-compat", include)).replace("127.0.0.1:8080", target));
    }

    /** A site and an include file, both as they would stand in /etc/nginx; port and path are replaced. */
    static PrivateNginx start(Path folder, String site, String include) throws IOException {
        PrivateNginx nginx = new PrivateNginx(folder, site, include);
        nginx.start();
        return nginx;
    }

    void start() throws IOException {
        start("exec nginx \"$@\" -g 'daemon off;'");
    }

    /** Starts nginx anew as it runs on a server. Only so can its program be upgraded, which takes its full path too. */
    void restartAsDaemon() throws IOException {
        kill9();
        start("exec \"$(command -v nginx)\" \"$@\"");
    }

    private void start(String script) throws IOException {
        started = new ProcessBuilder(
                        "sh",
                        "-c",
                        script,
                        "sh",
                        "-p",
                        folder + "/",
                        "-c",
                        config().toString(),
                        "-e",
                        errorLog().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile())
                .start();
        Await.until("nginx serves", () -> {
            if (!started.isAlive() && started.exitValue() != 0) {
                throw new AssertionError("nginx did not start: " + text(folder.resolve("output.log")));
            }
            return listens() && serves(new NginxProcesses(pid()).now());
        });
        master = ProcessHandle.of(generation().master()).orElseThrow();
    }

    private static boolean serves(Optional<WorkerGeneration> now) {
        return now.filter(seen -> seen.serving().size() == WORKERS).isPresent();
    }

    URI front() {
        return URI.create("http://127.0.0.1:" + port);
    }

    Path include() {
        return include;
    }

    Path folder() {
        return folder;
    }

    Path pid() {
        return folder.resolve("nginx.pid");
    }

    Path config() {
        return folder.resolve("nginx.conf");
    }

    Path errorLog() {
        return folder.resolve("error.log");
    }

    /** Another file that nginx includes at its top level. */
    Path neighbour() {
        return folder.resolve("sites/neighbour.conf");
    }

    WorkerGeneration generation() {
        return new NginxProcesses(pid()).now().orElseThrow();
    }

    /** The command with which Turnout is to test. */
    String test() {
        return "nginx -p '" + folder + "/' -c '" + config() + "' -e '" + errorLog() + "' -t";
    }

    /** The command with which Turnout is to reload. */
    String reload() {
        return "nginx -p '" + folder + "/' -c '" + config() + "' -e '" + errorLog() + "' -s reload";
    }

    /** What Turnout's configuration has to say of this nginx. */
    Map<String, String> settings(Style style) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("turnout.mode", "nginx");
        settings.put("turnout.nginx.include", include.toString());
        settings.put("turnout.nginx.style", style.name().toLowerCase(Locale.ROOT));
        settings.put("turnout.nginx.test", test());
        settings.put("turnout.nginx.reload", reload());
        settings.put("turnout.nginx.pid", pid().toString());
        settings.put("turnout.nginx.probe", front() + "/turnout-probe");
        return settings;
    }

    /** Starts a second master, as an upgrade of nginx's program does. Both masters have workers that serve. */
    void upgrade() {
        signal(master.pid(), "USR2");
        Await.until(
                "a new master serves",
                () -> serves(new NginxProcesses(pid()).now().filter(now -> now.master() != master.pid())));
    }

    /** Has the first master end as soon as its workers have ended, as an upgrade of nginx's program does. */
    void endBeforeUpgrade() {
        signal(master.pid(), "QUIT");
    }

    private static void signal(long pid, String signal) {
        try {
            int exit = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .start()
                    .waitFor();
            assertThat(exit).as("kill -%s %d", signal, pid).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills masters and workers as the kernel does when memory runs out. */
    void kill9() {
        if (master == null) {
            return;
        }
        List<ProcessHandle> all = Stream.concat(Stream.of(master), ofUpgrade())
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .distinct()
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        Await.until(
                "nginx is gone",
                () -> !started.isAlive() && all.stream().noneMatch(process -> isRunning(process.pid())));
    }

    /** Returns the master of an upgrade: it is nobody's child once the first master has ended. */
    private Stream<ProcessHandle> ofUpgrade() {
        return new NginxProcesses(pid()).now().stream().flatMap(now -> ProcessHandle.of(now.master()).stream());
    }

    @Override
    public void close() {
        kill9();
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isRunning(long pid) {
        return !Optional.of(Path.of("/proc/" + pid + "/cmdline"))
                .filter(Files::exists)
                .map(PrivateNginx::text)
                .orElse("")
                .isEmpty();
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
