package dev.turnout.config;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the system lets this process have.
 *
 * @param descriptors how many files and sockets may be open at a time
 * @param directMemory how many bytes buffers may take outside of the heap
 */
record Machine(long descriptors, long directMemory) {

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\d+)\\s.*");

    /** A JVM raises the soft limit of descriptors to the hard one at its start, so the soft one is what holds. */
    static Machine here() {
        try (Stream<String> lines = Files.lines(LIMITS)) {
            return new Machine(descriptors(lines), PlatformDependent.maxDirectMemory());
        } catch (IOException e) {
            return new Machine(Long.MAX_VALUE, PlatformDependent.maxDirectMemory());
        }
    }

    /** Returns the soft limit of the lines of proc(5)'s {@code limits}; {@code unlimited} is no number. */
    static long descriptors(Stream<String> lines) {
        return lines.map(OPEN_FILES::matcher)
                .filter(Matcher::matches)
                .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }
}
