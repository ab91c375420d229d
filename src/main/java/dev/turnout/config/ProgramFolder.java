package dev.turnout.config;

import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;

/**
 * The source of configuration files that Quarkus does not read: {@code application.properties} beside the program, in
 * {@code config/} there, and in the working directory. A later file overrides an earlier file. The file in
 * {@code config/} of the working directory, the environment and system properties override all three.
 */
public final class ProgramFolder implements ConfigSourceProvider {

    /** The name of the file. */
    static final String FILE = "application.properties";

    /** Above the file inside the program, 250, and below the file in the working directory's config folder, 260. */
    private static final int FIRST_ORDINAL = 252;

    @Override
    public Iterable<ConfigSource> getConfigSources(ClassLoader loader) {
        return sources(Stream.concat(files(), Stream.of(Path.of(System.getProperty("user.dir"), FILE)))
                .toList());
    }

    /**
     * Returns the sources of the files beside the program.
     *
     * @param further files that override them
     */
    static List<ConfigSource> sourcesBesideProgram(List<Path> further) {
        return sources(Stream.concat(files(), further.stream()).toList());
    }

    private static Stream<Path> files() {
        return folder().stream()
                .flatMap(folder ->
                        Stream.of(folder.resolve(FILE), folder.resolve("config").resolve(FILE)));
    }

    private static List<ConfigSource> sources(List<Path> files) {
        List<ConfigSource> sources = new ArrayList<>();
        for (Path file : files) {
            if (Files.isRegularFile(file)) {
                sources.add(read(file, FIRST_ORDINAL + sources.size()));
            }
        }
        return sources;
    }

    private static ConfigSource read(Path file, int ordinal) {
        try {
            return new PropertiesConfigSource(file.toUri().toURL(), ordinal);
        } catch (IOException e) {
            throw new UncheckedIOException("The configuration file " + file + " can't be read", e);
        }
    }

    /** Returns the folder of the jar or of the native executable; empty if this process runs neither. */
    static Optional<Path> folder() {
        String jar = System.getProperty("java.class.path", "");
        Optional<Path> program = Optional.empty();
        if (Executable.isThis()) {
            program = ProcessHandle.current().info().command().map(Path::of);
        } else if (jar.endsWith(".jar") && Files.isRegularFile(Path.of(jar))) {
            program = Optional.of(Path.of(jar));
        }
        return program.map(path -> path.toAbsolutePath().getParent());
    }
}
