package dev.turnout.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The inputs that fuzzing begins with. */
public final class Seeds {

    private Seeds() {}

    /** Returns the contents of the files below a folder beside a class, of which there is one at least. */
    public static List<byte[]> of(Class<?> beside, String folder) {
        try (Stream<Path> files = Files.walk(Path.of(beside.getResource(folder).toURI()))) {
            List<byte[]> seeds = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                seeds.add(Files.readAllBytes(file));
            }
            assertThat(seeds).isNotEmpty();
            return seeds;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
