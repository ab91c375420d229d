package dev.turnout.deploy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The root of an image")
final class ImageRootIT {

    private static final String BORINGSSL = "META-INF/native/libnetty_tcnative_linux_x86_64.so";

    private static final String LINKER = "/lib64/ld-linux-x86-64.so.2";

    @TempDir
    Path folder;

    private Path make() throws Exception {
        Path root = folder.resolve("root");
        Path program = Path.of("target", "turnout", "turnout").toAbsolutePath();
        run("sh", "deploy/docker/rootfs.sh", root.toString(), program.toString(), "/bin/sh");
        return root;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void has_what_the_library_of_boringssl_needs_wherever_that_is_unpacked() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can look from inside");
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "the library of this test is for x86-64");
        Path root = make();
        Path library = root.resolve("tmp/boringssl.so");
        try (InputStream content = requireNonNull(getClass().getClassLoader().getResourceAsStream(BORINGSSL))) {
            Files.copy(content, library);
        }

        String needs = run("chroot", root.toString(), LINKER, "--list", "/tmp/boringssl.so");

        assertThat(needs).contains("libc.so.6 => ").doesNotContain("not found");
    }
}
