package dev.turnout.nginx;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The check, by times, whether nginx has read the include file since its last change. */
final class LoadedCheck {

    /** How wrong the start time of a process may be. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private final IncludeFile file;
    private final NginxProcesses processes;

    LoadedCheck(IncludeFile file, NginxProcesses processes) {
        this.file = file;
        this.processes = processes;
    }

    /** Returns true if every worker was surely started after the last change. */
    boolean surelyLoaded() throws IOException {
        Instant changed = file.changedAt().plus(TOLERANCE);
        List<Instant> starts = processes.starts();
        return !starts.isEmpty() && starts.stream().allMatch(changed::isBefore);
    }

    /** Returns true if a worker was surely started before the content was written. */
    boolean surelyNotLoaded() throws IOException {
        Instant written = file.writtenAt().minus(TOLERANCE);
        return processes.starts().stream().anyMatch(written::isAfter);
    }
}
