package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mvnw} on machines that lack something: PATH holds the programs of a small system, and those that a test adds. */
@DisplayName("mvnw")
final class MavenWrapperTest {

    private static final List<String> SMALL_SYSTEM = List.of(
            "sh",
            "cat",
            "sed",
            "head",
            "tail",
            "sort",
            "awk",
            "find",
            "dirname",
            "basename",
            "id",
            "uname",
            "tr",
            "mkdir",
            "mktemp",
            "mv",
            "rm",
            "tar",
            "gzip",
            "env",
            "sha256sum",
            "printf",
            "apt-get",
            "apt-cache");

    @TempDir
    Path folder;

    private Path programs;
    private Path home;

    /** What a run printed, standard output first, and its exit code. */
    private record Run(int code, String output) {}

    @BeforeEach
    void make_a_small_system() throws IOException {
        programs = Files.createDirectory(folder.resolve("bin"));
        home = Files.createDirectory(folder.resolve("home"));
        for (String name : SMALL_SYSTEM) {
            for (String place : List.of("/usr/bin/", "/bin/")) {
                if (Files.exists(Path.of(place + name)) && !Files.exists(programs.resolve(name))) {
                    Files.createSymbolicLink(programs.resolve(name), Path.of(place + name));
                }
            }
        }
    }

    private static Path program(Path place, String script) throws IOException {
        Files.createDirectories(place.getParent());
        Files.writeString(place, "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Gives the machine a JDK. Its folder is JAVA_HOME. */
    private Path jdk(String version) throws IOException {
        Path jdk = folder.resolve("jdk-" + version);
        program(jdk.resolve("bin/javac"), "echo 'javac " + version + "'");
        program(jdk.resolve("bin/java"), "exit 0");
        return jdk;
    }

    private Run mvnw(Map<String, String> environment, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("./mvnw").redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("PATH", programs.toString());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("MVNW_NO_INSTALL", "1");
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    @Test
    @DisplayName("runs the system's Maven if it is new enough")
    void the_systems_own_maven_comes_first() throws Exception {
        program(programs.resolve("mvn"), "[ \"$1\" = --version ] && echo 'Apache Maven 3.8.7' || echo \"ran $*\"");

        Run run = mvnw(Map.of("JAVA_HOME", jdk("17.0.1").toString()), "verify", "-Dname=with blank");

        assertThat(run).isEqualTo(new Run(0, "ran verify -Dname=with blank\n"));
    }

    @Test
    @DisplayName("names in one line what to type if it may not install")
    void without_maven_it_names_what_to_type() throws Exception {
        Run run = mvnw(Map.of("JAVA_HOME", jdk("21").toString()), "verify");

        assertThat(run.output())
                .startsWith("mvnw: install first what is missing: ")
                .hasLineCount(1);
        assertThat(run.output()).contains("apt-get update && ").endsWith("apt-get install maven\n");
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    @DisplayName("says in one sentence that JAVA_HOME is too old")
    void an_old_java_is_one_sentence() throws Exception {
        Path jdk = jdk("11.0.22");

        Run run = mvnw(Map.of("JAVA_HOME", jdk.toString()), "verify");

        assertThat(run.output())
                .isEqualTo("mvnw: JAVA_HOME=" + jdk + " is Java 11: set JAVA_HOME to a JDK 17 or newer, or unset it\n");
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    @DisplayName("has a Maven that is too old fetch a newer one, and keeps that")
    void an_old_maven_fetches_a_newer_one() throws Exception {
        program(folder.resolve("apache-maven-3.9.12/bin/mvn"), "echo \"new Maven ran $*\"");
        new ProcessBuilder("tar", "-czf", folder.resolve("new.tar.gz").toString(), "apache-maven-3.9.12")
                .directory(folder.toFile())
                .start()
                .waitFor();
        program(programs.resolve("mvn"), """
                [ "$1" != --version ] || { echo 'Apache Maven 3.6.3'; exit; }
                for argument; do
                  case $argument in -DoutputDirectory=*) to=${argument#*=} ;; esac
                done
                cat '%s/new.tar.gz' >"$to/apache-maven-3.9.12-bin.tar.gz"
                echo "$*" >>'%s/asked'
                """.formatted(folder, folder));
        Map<String, String> environment = Map.of("JAVA_HOME", jdk("17").toString());

        Run first = mvnw(environment, "verify");
        Run second = mvnw(environment, "test");

        assertThat(first.output()).endsWith("\nnew Maven ran verify\n").contains("Maven 3.6.3 is too old");
        assertThat(second).isEqualTo(new Run(0, "new Maven ran test\n"));
        assertThat(folder.resolve("asked")).content().hasLineCount(1).contains("apache-maven:3.9.12:tar.gz:bin");
    }

    @Test
    @DisplayName("fetches Maven from the mirror of the user's settings, unless the mirror is for something else")
    void the_mirror_of_the_settings_is_asked() throws Exception {
        Files.createDirectory(home.resolve(".m2"));
        Files.writeString(home.resolve(".m2/settings.xml"), """
                <settings><mirrors>
                  <!-- <mirror><mirrorOf>*</mirrorOf><url>http://commented.invalid</url></mirror> -->
                  <mirror><mirrorOf>snapshots</mirrorOf><url>http://other.invalid</url></mirror>
                  <mirror><mirrorOf>*,!central</mirrorOf><url>http://not-central.invalid</url></mirror>
                  <mirror>
                    <id>ours</id>
                    <mirrorOf>external:*</mirrorOf>
                    <url>http://ours.invalid/maven/</url>
                  </mirror>
                </mirrors></settings>
                """);
        program(programs.resolve("wget"), "echo \"wget $2\"; exit 1");
        program(programs.resolve("unzip"), "exit 1");

        Run run = mvnw(Map.of("JAVA_HOME", jdk("17").toString()), "verify");

        String archive = "/org/apache/maven/apache-maven/3.9.12/apache-maven-3.9.12-bin.zip";
        assertThat(run.output()).startsWith("wget http://ours.invalid/maven" + archive + "\n");
        assertThat(run.code()).isEqualTo(1);
    }
}
