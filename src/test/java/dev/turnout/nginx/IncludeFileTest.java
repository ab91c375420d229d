package dev.turnout.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.support.Guards;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IncludeFileTest {

    private static final String OLD = "set $service_url http://127.0.0.1:8080;\n";
    private static final String NEW = "set $service_url http://127.0.0.1:8082;\n";
    private static final int REWRITES = 300;

    @TempDir
    private Path folder;

    @Test
    @Guards("F21")
    void a_reader_never_sees_half_a_line() throws Exception {
        Path path = include(OLD);
        IncludeFile file = new IncludeFile(path);
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> {
            long reads = 0;
            for (; !done.get(); reads++) {
                assertThat(text(path)).isIn(OLD, NEW);
            }
            return reads;
        });
        for (int i = 0; i < REWRITES; i++) {
            file.replace((i % 2 == 0 ? NEW : OLD).getBytes(StandardCharsets.UTF_8))
                    .keep();
        }
        done.set(true);
        assertThat(reader.get()).isPositive();
    }

    @Test
    void mode_and_owner_are_kept() throws IOException {
        Assumptions.assumeTrue(isRoot(), "changing owners takes root");
        Path path = include(OLD);
        Files.setAttribute(path, "unix:uid", 1234);
        Files.setAttribute(path, "unix:gid", 2345);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
        replace(path).keep();
        assertThat(Files.getAttribute(path, "unix:uid")).isEqualTo(1234);
        assertThat(Files.getAttribute(path, "unix:gid")).isEqualTo(2345);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-r-----");
        assertThat(text(path)).isEqualTo(NEW);
    }

    @Test
    void a_symbolic_link_stays_and_its_target_is_replaced() throws IOException {
        Path shared = Files.createDirectory(folder.resolve("shared"));
        Path real = Files.writeString(shared.resolve("real.inc"), OLD);
        Path link = Files.createSymbolicLink(folder.resolve("service-url.inc"), real);
        replace(link).keep();
        assertThat(link).isSymbolicLink();
        assertThat(text(real)).isEqualTo(NEW);
        assertThat(names(shared)).containsExactly("real.inc");
    }

    @Test
    void undoing_brings_the_old_bytes_and_mode_back() throws IOException {
        Path path = include(OLD);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-r--"));
        IncludeFile.Replacement replacement = replace(path);
        assertThat(text(path)).isEqualTo(NEW);
        replacement.undo();
        assertThat(text(path)).isEqualTo(OLD);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-rw-r--");
        assertThat(names(folder)).containsExactly("service-url.inc");
    }

    @Test
    void undoing_a_file_that_was_not_there_removes_it() throws IOException {
        Path path = folder.resolve("service-url.inc");
        replace(path).undo();
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void what_lies_beside_it_in_between_is_hidden_from_nginx_and_swept_after_a_crash() throws IOException {
        Path path = include(OLD);
        replace(path);
        assertThat(names(folder)).containsExactlyInAnyOrder("service-url.inc", ".service-url.inc.turnout-old");
        new IncludeFile(path).sweep();
        assertThat(names(folder)).containsExactly("service-url.inc");
    }

    @Test
    void a_temporary_file_that_a_crash_has_left_is_no_obstacle() throws IOException {
        Path path = include(OLD);
        Files.writeString(folder.resolve(".service-url.inc.turnout-new"), "half");
        Files.writeString(folder.resolve(".service-url.inc.turnout-old"), "half");
        replace(path).keep();
        assertThat(text(path)).isEqualTo(NEW);
        assertThat(names(folder)).containsExactly("service-url.inc");
    }

    @Test
    @Guards("F10")
    void a_write_that_fails_leaves_the_old_file_and_nothing_else() throws IOException {
        Path path = include(OLD);
        Files.createDirectories(folder.resolve(".service-url.inc.turnout-new/in the way"));
        assertThatThrownBy(() -> replace(path)).isInstanceOf(IOException.class);
        assertThat(text(path)).isEqualTo(OLD);
        assertThat(names(folder)).doesNotContain(".service-url.inc.turnout-old");
    }

    private Path include(String content) throws IOException {
        return Files.writeString(folder.resolve("service-url.inc"), content);
    }

    private static IncludeFile.Replacement replace(Path path) throws IOException {
        return new IncludeFile(path).replace(NEW.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Stream<String> names(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString()).toList().stream();
        }
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }
}
