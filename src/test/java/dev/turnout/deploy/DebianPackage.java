package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The Debian package that the build has made: of the jars, or of the executable. */
final class DebianPackage {

    private DebianPackage() {}

    /** Returns where it is. A package of another build would be taken for this one's: {@code assemble.sh} removes it. */
    static Path built() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target").toAbsolutePath())) {
            List<Path> packages = files.filter(
                            file -> file.getFileName().toString().matches("turnout_.*\\.deb"))
                    .toList();
            assertThat(packages).as("packages of the build").hasSize(1);
            return packages.get(0);
        }
    }
}
