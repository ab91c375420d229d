package dev.turnout.proxy.observe;

import dev.turnout.store.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** The access logs in force, one for each file. A reload replaces them; a file that stays is not opened again. Any thread. */
public final class CurrentLogs {

    private volatile AccessLogPlan plan = new AccessLogPlan(Optional.empty(), Map.of());
    private volatile Map<Path, AccessLog> logs = Map.of();

    /** Counts the lines that any of the logs has dropped, one that has left too. */
    private final LongAdder dropped = new LongAdder();

    /**
     * Logs that are ready to be put in force.
     *
     * @param plan which requests are written to them
     * @param logs all of them, by their files
     * @param opened those that were opened for this
     * @param isNew true if the plan is another one than before
     */
    public record Prepared(AccessLogPlan plan, Map<Path, AccessLog> logs, List<AccessLog> opened, boolean isNew) {

        /** Closes what was opened. Blocks for a second at the most. */
        public void giveUp() {
            opened.forEach(AccessLog::close);
        }
    }

    /**
     * Opens the logs of a plan that are not open, without anybody writing to them. Blocks.
     *
     * @throws IllegalStateException if a file cannot be written; the message says why
     */
    public Prepared prepare(AccessLogPlan next) {
        Map<Path, AccessLog> all = new TreeMap<>();
        List<AccessLog> opened = new ArrayList<>();
        for (Path file : next.files()) {
            AccessLog open = logs.get(file);
            if (open == null) {
                open = open(file, opened);
                opened.add(open);
            }
            all.put(file, open);
        }
        return new Prepared(next, Map.copyOf(all), List.copyOf(opened), !next.equals(plan));
    }

    private AccessLog open(Path file, List<AccessLog> openedBefore) {
        AccessLog log = new AccessLog(file, dropped);
        try {
            log.open();
            return log;
        } catch (IOException e) {
            openedBefore.forEach(AccessLog::close);
            throw new IllegalStateException("Cannot write turnout.access-log-file " + file + ": " + Reason.of(e), e);
        }
    }

    /** Puts logs in force. Returns those that are in use no more, which are to be closed once no event loop writes to them. */
    public List<AccessLog> replace(Prepared next) {
        List<AccessLog> left = new ArrayList<>(logs.values());
        left.removeAll(next.logs().values());
        plan = next.plan();
        logs = next.logs();
        return left;
    }

    /** Closes logs that nobody writes to any more. Blocks for a second each at the most. */
    public void close(Collection<AccessLog> left) {
        left.forEach(AccessLog::close);
    }

    /** Returns the logs in force. */
    public Collection<AccessLog> open() {
        return logs.values();
    }

    /** Returns how many lines have been dropped since the start. */
    public long dropped() {
        return dropped.sum();
    }

    /** Returns the files of the logs in force, with commas between them. */
    public String names() {
        return logs.keySet().stream().sorted().map(Path::toString).collect(Collectors.joining(", "));
    }
}
