package dev.turnout.switching;

import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.store.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The containers that have become targets, in a file of the state folder. A container whose target was removed while the
 * container runs does not come again by itself, also after a restart. One thread.
 *
 * <p>A line of the file is {@code ID SLOT TARGET}. A line that can't be read is ignored.
 */
final class SeenContainers {

    private static final Logger LOG = Logger.getLogger(SeenContainers.class);
    private static final String FILE = "containers";

    /** More than an engine may have running: containers that are stopped and started again are known then. */
    private static final int MOST = 2_048;

    private final Path file;
    private final Map<String, Seen> byId = new LinkedHashMap<>();

    /**
     * A container that has become a target.
     *
     * @param slot which slot it came to
     * @param target where it was then
     */
    record Seen(Slot slot, Target target) {}

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
        String[] words = line.split(" ", 3);
        if (words.length == 3) {
            try {
                byId.put(words[0], new Seen(Slot.parse(words[1]), Target.parse(words[2])));
            } catch (IllegalArgumentException e) {
                LOG.warnf("%s has a line that is not understood, and is ignored: %s", file, line);
            }
        }
    }

    Optional<Seen> of(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Returns true if another container has become a target at this address. */
    boolean hasOther(String id, Target target) {
        return byId.entrySet().stream()
                .anyMatch(one -> !one.getKey().equals(id)
                        && target.isAtPlaceOf(one.getValue().target()));
    }

    /** Notes that a container has become a target. Of too many the first are forgotten. */
    void add(String id, Seen seen) {
        if (seen.equals(byId.get(id))) {
            return;
        }
        byId.remove(id);
        byId.put(id, seen);
        Iterator<String> first = byId.keySet().iterator();
        while (byId.size() > MOST && first.hasNext()) {
            first.next();
            first.remove();
        }
        write();
    }

    private void write() {
        String text = byId.entrySet().stream()
                .map(one -> one.getKey() + " " + one.getValue().slot() + " "
                        + one.getValue().target() + "\n")
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
