package dev.turnout.switching;

import dev.turnout.config.StateConfig;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.store.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The containers that have become targets, in a file of the state folder. A container whose target was removed while the
 * container runs does not come again by itself, also after a restart. One thread.
 *
 * <p>A line of the file is {@code ID SERVICE SLOT TARGET}. A container that has had several addresses has a line for each,
 * the newest last, since its targets stay. A line that can't be read is ignored.
 */
final class SeenContainers {

    private static final Logger LOG = Logger.getLogger(SeenContainers.class);
    private static final String FILE = StateConfig.SEEN_CONTAINERS;

    /** With more lines, the oldest ones of containers that are gone are forgotten. */
    private static final int MOST = 2_048;

    private final Path file;
    /** The oldest first. */
    private final Set<Line> lines = new LinkedHashSet<>();

    private final Map<String, Seen> newest = new HashMap<>();
    private Set<String> running = Set.of();

    private record Line(String id, Seen seen) {}

    /**
     * A container that has become a target.
     *
     * @param service whose target it is
     * @param slot which slot it came to
     * @param target where it was then
     */
    record Seen(String service, Slot slot, Target target) {}

    /** @param folder of the state */
    SeenContainers(Path folder) {
        this.file = folder.toAbsolutePath().resolve(FILE);
    }

    /** Reads the file. Without one nothing was seen. */
    void read() {
        try {
            if (Files.exists(file)) {
                Files.readAllLines(file).forEach(this::read);
            }
        } catch (IOException e) {
            LOG.warnf(
                    "%s can't be read (%s). A running container whose target was removed may become a target again",
                    file, e.getMessage());
        }
    }

    private void read(String line) {
        String[] words = line.split(" ", 4);
        try {
            if (words.length < 4) {
                throw new IllegalArgumentException("it has not four words");
            }
            put(new Line(words[0], new Seen(words[1], Slot.parse(words[2]), Target.parse(words[3]))));
        } catch (IllegalArgumentException e) {
            LOG.warnf("%s has a line that is not understood, and is ignored: %s", file, line);
        }
    }

    /** Returns where a container became a target the last time. */
    Optional<Seen> of(String id) {
        return Optional.ofNullable(newest.get(id));
    }

    /** Returns true if another container has become a target of a service at this address. */
    boolean hasOther(String id, String service, Target target) {
        return lines.stream()
                .anyMatch(line -> !line.id().equals(id)
                        && line.seen().service().equals(service)
                        && target.isAtPlaceOf(line.seen().target()));
    }

    /** Notes which containers the engine has: where they became targets the last time is not forgotten. */
    void run(Set<String> ids) {
        running = Set.copyOf(ids);
    }

    /** Notes that a container has become a target. */
    void add(String id, Seen seen) {
        if (!of(id).equals(Optional.of(seen))) {
            put(new Line(id, seen));
            forget();
            write();
        }
    }

    private void put(Line line) {
        lines.remove(line);
        lines.add(line);
        newest.put(line.id(), line.seen());
    }

    private void forget() {
        Iterator<Line> oldest = lines.iterator();
        while (lines.size() > MOST && oldest.hasNext()) {
            Line line = oldest.next();
            boolean isNeeded = running.contains(line.id()) && of(line.id()).equals(Optional.of(line.seen()));
            if (!isNeeded) {
                oldest.remove();
                newest.remove(line.id(), line.seen());
            }
        }
    }

    private void write() {
        String text = lines.stream()
                .map(line -> line.id() + " " + line.seen().service() + " "
                        + line.seen().slot() + " " + line.seen().target() + "\n")
                .collect(Collectors.joining());
        try {
            new AtomicFile(file, file.resolveSibling(FILE + ".new"), AtomicFile.Ownership.PRIVATE)
                    .replace(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.warnf(
                    "%s can't be written (%s). After a restart a running container whose target was removed may become a"
                            + " target again",
                    file, e.getMessage());
        }
    }
}
