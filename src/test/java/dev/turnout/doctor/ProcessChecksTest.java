package dev.turnout.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.ProcessTable;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.HttpProcess;
import dev.turnout.support.Ports;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checks that look at processes, with processes that run. */
final class ProcessChecksTest {

    private final ProcessTable processes = new ProcessTable();
    private final LocalProcesses local = new LocalProcesses(processes);

    @TempDir
    private Path folder;

    /** An application in a jar, run by {@code java -jar}. */
    private static final class JarApplication implements AutoCloseable {
        private final Process process;
        private final Target target;

        JarApplication(Path jar, String... more) throws IOException {
            this(Map.of(), withJar(more), jar);
        }

        /**
         * Starts an application.
         *
         * @param before words before the jar
         * @param fromJarOn the jar, and words behind it and the port
         */
        JarApplication(Map<String, String> environment, List<String> before, Object... fromJarOn) throws IOException {
            int port = Ports.next();
            target = new Target("127.77.0.1", port);
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
            command.addAll(before);
            command.addAll(List.of(fromJarOn[0].toString(), String.valueOf(port)));
            Stream.of(fromJarOn).skip(1).forEach(word -> command.add(word.toString()));
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            builder.environment().putAll(environment);
            process = builder.start();
            Await.until("the application listens", () -> new ProcessTable().isListenedTo(port));
        }

        private static List<String> withJar(String... options) {
            List<String> words = new ArrayList<>(List.of(options));
            words.add("-jar");
            return words;
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private Path jar(String name, Map<String, String> manifest, Map<String, String> files) throws IOException {
        Manifest own = new Manifest();
        own.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        own.getMainAttributes().put(Attributes.Name.MAIN_CLASS, HttpProcess.class.getName());
        manifest.forEach((key, value) -> own.getMainAttributes().putValue(key, value));
        Path jar = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, own)) {
            String program = HttpProcess.class.getName().replace('.', '/') + ".class";
            entries.putNextEntry(new ZipEntry(program));
            entries.write(Files.readAllBytes(Path.of("target", "test-classes", program)));
            for (Map.Entry<String, String> file : files.entrySet()) {
                entries.putNextEntry(new ZipEntry(file.getKey()));
                entries.write(file.getValue().getBytes());
            }
        }
        return jar;
    }

    @Test
    void a_port_that_nobody_uses_is_good() {
        assertThat(Findings.only(
                                new PortOwnerCheck(Ports.next(), "turnout.listen.port", processes).look(),
                                Severity.GOOD)
                        .seen()
                        .english())
                .contains("is free");
    }

    @Test
    void who_uses_the_port_is_named_with_process_and_program() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Finding finding = Findings.only(
                    new PortOwnerCheck(taken.getLocalPort(), "turnout.listen.port", processes).look(), Severity.ERROR);

            assertThat(finding.seen().english())
                    .contains("process " + ProcessHandle.current().pid())
                    .contains("java");
            assertThat(finding.advice().english()).contains("turnout.listen.port");
        }
    }

    @Test
    void two_slots_with_different_jars_are_good() throws IOException {
        try (JarApplication one = new JarApplication(jar("a.jar", Map.of(), Map.of("version", "1")));
                JarApplication two = new JarApplication(jar("b.jar", Map.of(), Map.of("version", "22")))) {
            Findings.only(
                    new SameBuildCheck("default", List.of(one.target), List.of(two.target), local).look(),
                    Severity.GOOD);
        }
    }

    @Test
    void two_slots_with_copies_of_one_jar_are_told() throws IOException {
        Path jar = jar("a.jar", Map.of(), Map.of());
        Path copy = Files.copy(jar, folder.resolve("copy of a.jar"));
        try (JarApplication one = new JarApplication(jar);
                JarApplication two = new JarApplication(copy)) {
            Findings.only(
                    new SameBuildCheck("default", List.of(one.target), List.of(two.target), local).look(),
                    Severity.ADVICE);
        }
    }

    @Test
    void one_process_behind_both_slots_is_an_error() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Findings.only(
                    new SameBuildCheck(
                                    "default",
                                    List.of(new Target("127.0.0.1", one.getLocalPort())),
                                    List.of(new Target("127.0.0.1", two.getLocalPort())),
                                    local)
                            .look(),
                    Severity.ERROR);
        }
    }

    @Test
    void spring_boot_without_a_graceful_shutdown_is_advised_and_not_blamed() throws IOException {
        try (JarApplication application =
                new JarApplication(jar("boot.jar", Map.of("Spring-Boot-Version", "3.2.1"), Map.of()))) {
            assertThat(Findings.only(new GracefulShutdownCheck(application.target, local).look(), Severity.ADVICE)
                            .seen()
                            .english())
                    .contains("Spring Boot 3.2.1");
        }
    }

    @Test
    void spring_boot_shuts_down_gracefully_by_its_file_its_command_line_or_its_version() throws IOException {
        Map<String, String> old = Map.of("Spring-Boot-Version", "2.7.18");
        Path byFile =
                jar("file.jar", old, Map.of("BOOT-INF/classes/application.yml", "server:\n  shutdown: graceful\n"));
        try (JarApplication application = new JarApplication(byFile)) {
            Findings.only(new GracefulShutdownCheck(application.target, local).look(), Severity.GOOD);
        }
        try (JarApplication application =
                new JarApplication(jar("line.jar", old, Map.of()), "-Dserver.shutdown=graceful")) {
            Findings.only(new GracefulShutdownCheck(application.target, local).look(), Severity.GOOD);
        }
        try (JarApplication application =
                new JarApplication(jar("new.jar", Map.of("Spring-Boot-Version", "3.4.0"), Map.of()))) {
            Findings.only(new GracefulShutdownCheck(application.target, local).look(), Severity.GOOD);
        }
    }

    @Test
    void spring_boot_that_is_set_to_end_at_once_is_not_good_whatever_its_version_or_its_jar() throws IOException {
        Map<String, String> recent = Map.of("Spring-Boot-Version", "3.5.0");
        Path plain = jar("plain.jar", recent, Map.of());
        Path graceful = jar(
                "graceful.jar",
                recent,
                Map.of("BOOT-INF/classes/application.properties", "server.shutdown=graceful\n"));
        Path immediate = jar(
                "immediate.jar",
                recent,
                Map.of("BOOT-INF/classes/application.yml", "server:\n  shutdown: immediate # for tests\n"));
        try (JarApplication application = new JarApplication(immediate)) {
            endsAtOnce(application);
        }
        try (JarApplication application = new JarApplication(plain, "-Dserver.shutdown=immediate")) {
            endsAtOnce(application);
        }
        try (JarApplication application = new JarApplication(
                Map.of(), List.of("-Dserver.shutdown=graceful", "-jar"), graceful, "--server.shutdown=immediate")) {
            endsAtOnce(application);
        }
        try (JarApplication application =
                new JarApplication(Map.of("SERVER_SHUTDOWN", "immediate"), List.of("-jar"), graceful)) {
            endsAtOnce(application);
        }
    }

    private void endsAtOnce(JarApplication application) {
        assertThat(Findings.only(new GracefulShutdownCheck(application.target, local).look(), Severity.ADVICE)
                        .seen()
                        .english())
                .contains("with server.shutdown=immediate");
    }

    @Test
    void what_stands_on_the_command_line_wins_over_the_jar() throws IOException {
        Path immediate = jar(
                "immediate.jar",
                Map.of("Spring-Boot-Version", "2.7.18"),
                Map.of("BOOT-INF/classes/application.properties", "server.shutdown=immediate\n"));
        try (JarApplication application = new JarApplication(
                Map.of("SERVER_SHUTDOWN", "immediate"), List.of("-Dserver.shutdown=graceful", "-jar"), immediate)) {
            Findings.only(new GracefulShutdownCheck(application.target, local).look(), Severity.GOOD);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "JAVA_TOOL_OPTIONS, immediate",
        "JDK_JAVA_OPTIONS, immediate",
        "_JAVA_OPTIONS, graceful",
    })
    void what_the_java_command_reads_of_its_environment_counts_as_it_counts_it(String variable, String winner)
            throws IOException {
        Path jar = jar("boot.jar", Map.of("Spring-Boot-Version", "2.7.18"), Map.of());
        Map<String, String> graceful = Map.of(variable, "-Xshare:auto -Dserver.shutdown=graceful");
        try (JarApplication application = new JarApplication(graceful, List.of("-jar"), jar)) {
            Findings.only(new GracefulShutdownCheck(application.target, local).look(), Severity.GOOD);
        }
        try (JarApplication application =
                new JarApplication(graceful, List.of("-Dserver.shutdown=immediate", "-jar"), jar)) {
            Findings.only(
                    new GracefulShutdownCheck(application.target, local).look(),
                    winner.equals("graceful") ? Severity.GOOD : Severity.ADVICE);
        }
    }

    @Test
    void options_may_stand_between_the_option_jar_and_the_jar() throws IOException {
        Path jar = jar("boot.jar", Map.of("Spring-Boot-Version", "3.2.1"), Map.of());
        List<String> tutorial = List.of("-jar", "-Dspring.profiles.active=prod");
        try (JarApplication one = new JarApplication(Map.of(), tutorial, jar);
                JarApplication two = new JarApplication(Map.of(), tutorial, jar)) {
            Findings.only(new GracefulShutdownCheck(one.target, local).look(), Severity.ADVICE);
            Findings.only(
                    new SameBuildCheck("default", List.of(one.target), List.of(two.target), local).look(),
                    Severity.ADVICE);
        }
    }

    @Test
    void an_application_that_is_not_spring_boot_is_not_judged() throws IOException {
        try (JarApplication application = new JarApplication(jar("own.jar", Map.of(), Map.of()))) {
            assertThat(new GracefulShutdownCheck(application.target, local).look())
                    .isEmpty();
        }
    }
}
