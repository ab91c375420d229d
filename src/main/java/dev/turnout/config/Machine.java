package dev.turnout.config;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The limits that the system sets for this process.
 *
 * @param descriptors the most files and sockets that may be open at a time
 * @param directMemory the most memory of buffers outside the heap. Bytes.
 * @param heap the most memory of objects. Bytes.
 */
record Machine(long descriptors, long directMemory, long heap) {

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\d+)\\s.*");

    /** Returns the limits of this process. At its start a JVM raises the soft limit of descriptors to the hard limit. */
    static Machine here() {
        try (Stream<String> lines = Files.lines(LIMITS)) {
            return of(descriptors(lines));
        } catch (IOException e) {
            return of(Long.MAX_VALUE);
        }
    }

    private static Machine of(long descriptors) {
        return new Machine(
                descriptors,
                PlatformDependent.maxDirectMemory(),
                Runtime.getRuntime().maxMemory());
    }

    /** Returns the soft limit in the lines of proc(5)'s {@code limits}; {@code unlimited} is not a number. */
    static long descriptors(Stream<String> lines) {
        return lines.map(OPEN_FILES::matcher)
                .filter(Matcher::matches)
                .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }
}
