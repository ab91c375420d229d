package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Guards;
import dev.turnout.support.RequiresProgram;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A file that this user can't read is explained by the part of the path that stops the user")
@RequiresProgram(value = "setpriv", debianPackage = "util-linux")
@EnabledIf("isRoot")
final class FileAccessTest {

    @TempDir
    Path temp;

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    @BeforeEach
    void open() throws IOException {
        mode(temp, "rwxr-xr-x");
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    /** Returns what a process of user nobody says about a file. Only copied classes are readable for that user. */
    private String nobodySays(Path file) throws IOException, InterruptedException {
        copyClasses("target/classes", "dev/turnout/tls");
        copyClasses("target/classes", "dev/turnout/text");
        copyClasses("target/test-classes", "dev/turnout/tls");
        try (Stream<Path> made = Files.walk(temp.resolve("classes"))) {
            for (Path path : made.toList()) {
                mode(path, Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--");
            }
        }
        Process process = new ProcessBuilder(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        temp.resolve("classes") + File.pathSeparator,
                        "dev.turnout.tls.FileAccessProbe",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private void copyClasses(String from, String room) throws IOException {
        Path classes = Files.createDirectories(temp.resolve("classes").resolve(room));
        try (Stream<Path> found = Files.list(Path.of(from, room))) {
            for (Path one :
                    found.filter(path -> path.toString().endsWith(".class")).toList()) {
                Files.copy(one, classes.resolve(one.getFileName().toString()));
            }
        }
    }

    @Test
    @Guards("T7")
    void a_file_of_another_user_names_the_user() throws Exception {
        Path key = Files.writeString(temp.resolve("shop.key"), "key");
        mode(key, "rw-------");

        assertThat(nobodySays(key)).isEqualTo("user nobody may not read it");
    }

    @Test
    @Guards("T7")
    void a_closed_folder_behind_a_link_is_named_as_with_certbot() throws Exception {
        Path archive = Files.createDirectories(temp.resolve("archive/shop"));
        Path live = Files.createDirectories(temp.resolve("live/shop"));
        Files.writeString(archive.resolve("privkey1.pem"), "key");
        Path key = Files.createSymbolicLink(live.resolve("privkey.pem"), Path.of("../../archive/shop/privkey1.pem"));
        mode(live.getParent(), "rwxr-xr-x");
        mode(live, "rwxr-xr-x");
        mode(archive.getParent(), "rwx------");

        assertThat(nobodySays(key))
                .isEqualTo("user nobody may not read it: " + archive.getParent() + " stops this user");
    }

    @Test
    void what_is_missing_is_named() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("link"), Path.of("nowhere"));

        assertThat(nobodySays(link)).isEqualTo("it is a link to a file that does not exist");
    }
}
