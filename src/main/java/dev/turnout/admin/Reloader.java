package dev.turnout.admin;

import dev.turnout.config.ConfigChange;
import dev.turnout.config.Reading;
import dev.turnout.switching.ChangeNote;
import dev.turnout.switching.ReloadOrder;
import dev.turnout.switching.ReloadReport;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The configuration, read again while Turnout runs. Any thread. */
public interface Reloader {

    /** Reads and checks the configuration, and changes nothing. */
    CompletionStage<Reading> check();

    /**
     * Brings the configuration into force: all of it, or nothing.
     *
     * @param force whether new targets get traffic without a gate
     * @param note who asks, and what the caller says about it
     * @return completes exceptionally if nothing has changed: with {@link dev.turnout.config.BadConfiguration}, or with
     *     {@link dev.turnout.switching.ChangeRefused}
     */
    CompletionStage<Reloaded> reload(boolean force, ChangeNote note);

    /**
     * Adds, changes or removes a service that no file names.
     *
     * @param subject the service, and the revision that the change may start from
     * @param keys the keys of the service without their prefix, with their values; none to remove the service
     * @return completes as {@link #reload} does
     */
    CompletionStage<Reloaded> service(
            ReloadOrder.Subject subject, Map<String, String> keys, boolean force, ChangeNote note);

    /**
     * The result of a reload.
     *
     * @param change the keys that differ
     * @param warnings of the check
     */
    record Reloaded(ConfigChange change, ReloadReport report, List<String> warnings) {
        public Reloaded {
            warnings = List.copyOf(warnings);
        }
    }
}
