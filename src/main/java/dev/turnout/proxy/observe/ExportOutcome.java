package dev.turnout.proxy.observe;

import java.time.Duration;
import java.util.Optional;

/** What has become of a batch of spans that a collector was sent. */
sealed interface ExportOutcome {

    /** The collector has it, but for what the answer says. */
    record Taken(PartialSuccess partial) implements ExportOutcome {}

    /**
     * The collector can't take it now.
     *
     * @param words why, as a clause behind "it"
     * @param after how long the collector wants to be left alone; empty if it does not say
     */
    record Later(String words, Optional<Duration> after) implements ExportOutcome {}

    /**
     * The collector will not take it.
     *
     * @param words why, as a clause behind "it"
     */
    record Never(String words) implements ExportOutcome {}
}
