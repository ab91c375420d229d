package dev.turnout.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.CommandWords;
import dev.turnout.config.ProcessTable;
import dev.turnout.config.RunningProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SameApplicationTest {

    private static final int PORT = 8082;

    @TempDir
    Path folder;

    @Test
    void a_copy_that_an_older_script_made_for_the_port_is_the_application() throws IOException {
        Path jar = jar("new/app.jar", "shop.App");

        assertThat(isSame(List.of("java", "-Dserver.port=8082", "-jar", "/home/minji/run/8082.jar"), jar))
                .isTrue();
        assertThat(isSame(List.of("java", "-Dserver.port=18082", "-jar", "/home/minji/run/8082.jar"), jar))
                .isFalse();
    }

    @Test
    void the_same_jar_is_the_application() throws IOException {
        Path jar = jar("app.jar", "shop.App");

        assertThat(isSame(List.of("/usr/bin/java", "-Xmx1g", "-jar", jar.toString(), "--server.port=8082"), jar))
                .isTrue();
    }

    @Test
    void options_may_stand_between_the_option_and_the_jar() throws IOException {
        Path jar = jar("app.jar", "shop.App");

        assertThat(isSame(List.of("java", "-jar", "-Dserver.port=8082", jar.toString()), jar))
                .isTrue();
    }

    @Test
    void another_build_of_the_same_program_is_the_application() throws IOException {
        Path old = jar("old/whatever.jar", "shop.App");
        Path other = jar("old/other.jar", "bakery.App");
        Path jar = jar("new/app.jar", "shop.App");

        assertThat(isSame(List.of("java", "-jar", old.toString()), jar)).isTrue();
        assertThat(isSame(List.of("java", "-jar", other.toString()), jar)).isFalse();
    }

    @Test
    void another_version_in_the_name_is_the_application() throws IOException {
        Path jar = jar("shop-1.4.3.jar", "shop.App");

        assertThat(isSame(List.of("java", "-jar", "/srv/shop-1.4.2.jar"), jar)).isTrue();
        assertThat(isSame(List.of("java", "-jar", "/srv/shop-admin-1.4.2.jar"), jar))
                .isFalse();
    }

    @Test
    void what_is_no_jar_is_not_the_application() throws IOException {
        Path jar = jar("app.jar", "shop.App");

        assertThat(isSame(List.of("python3", "-m", "http.server", "8082"), jar)).isFalse();
        assertThat(isSame(List.of("java", "-cp", jar.toString(), "shop.App"), jar))
                .isFalse();
        assertThat(isSame(List.of("java", "-jar"), jar)).isFalse();
        assertThat(isSame(List.of(), jar)).isFalse();
    }

    @Test
    void the_same_command_for_the_port_is_the_application() {
        Launch launch = new Launch.OwnCommand(CommandWords.parse("run.sh {port} {version} --fast"));
        DeployOrder order = new DeployOrder(
                new Release.Build("2", Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.empty(),
                launch,
                Optional.empty(),
                folder,
                Optional.empty());

        assertThat(sign(List.of("/bin/sh", "/srv/run.sh", "8082", "1", "--fast"), order))
                .isPresent();
        assertThat(sign(List.of("run.sh", "8082", "1", "--fast"), order)).isPresent();
        assertThat(sign(List.of("run.sh", "8083", "1", "--fast"), order)).isEmpty();
        assertThat(sign(List.of("run.sh", "8082", "1"), order)).isEmpty();
    }

    private boolean isSame(List<String> command, Path jar) {
        DeployOrder order = new DeployOrder(
                new Release.Build(
                        "2",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(jar.getFileName().toString())),
                Optional.of(jar),
                new Launch.PlainJava(List.of()),
                Optional.empty(),
                folder,
                Optional.empty());
        return sign(command, order).isPresent();
    }

    private Optional<SameApplication.Sign> sign(List<String> command, DeployOrder order) {
        RunningProcess process = new RunningProcess(1_999_999_999, 1, 1, 0, "java", command);
        return new SameApplication(new DeployFolder(folder), new ProcessTable()).sign(process, PORT, order);
    }

    private Path jar(String name, String main) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            jar.putNextEntry(new JarEntry("META-INF/MANIFEST.MF"));
            jar.write(("Manifest-Version: 1.0\nMain-Class: " + main + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }
}
