package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The Debian packages that builds have made: of the jars, or of the executable. */
final class DebianPackage {

    private DebianPackage() {}

    /** Returns the package of this build. One of an earlier build would be taken for it: {@code assemble.sh} removes it. */
    static Path built() throws IOException {
        List<Path> packages = in(Path.of("target"));
        assertThat(packages).as("packages of the build").hasSize(1);
        return packages.get(0);
    }

    /** Returns the package of the executable that is tested, if its build has made one; else the package of this build. */
    static Path tested() throws IOException {
        String executable = System.getenv("TURNOUT_BINARY");
        if (executable == null) {
            return built();
        }
        Path build = Path.of(executable).toAbsolutePath().resolve("../..").normalize();
        List<Path> packages = in(build);
        return packages.size() == 1 ? packages.get(0) : built();
    }

    private static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.toAbsolutePath())) {
            return files.filter(file -> file.getFileName().toString().matches("turnout_.*\\.deb"))
                    .toList();
        }
    }
}
