package dev.turnout.cli;

import dev.turnout.client.AdminOutcome;
import io.vertx.core.json.JsonObject;

/** What a word that waits for the end of a change is told. */
sealed interface Happening {

    /** An event of a service. */
    record Told(String service, String kind, JsonObject detail) implements Happening {}

    /** The stream of events ended, or could not be opened. */
    record Deaf() implements Happening {}

    /** The call of the change has ended. */
    record Ended(AdminOutcome outcome) implements Happening {}

    /** The operator wants to stop. */
    record Interrupted(ExitCode exit) implements Happening {}
}
