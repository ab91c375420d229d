package dev.turnout.admin;

import dev.turnout.routing.Target;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The reader of lists of targets in bodies: a JSON array of texts, or texts between line ends, blanks or commas. */
final class TargetLists {

    private TargetLists() {}

    /**
     * Reads a list.
     *
     * @throws BadRequest that names the first entry that is no target, or stands twice
     */
    static List<Target> read(String body) {
        if (body.isBlank()) {
            throw new BadRequest("The list is missing. " + form());
        }
        List<Target> targets = new ArrayList<>();
        for (String entry : entries(body.strip())) {
            Target target = target(entry);
            if (targets.contains(target)) {
                throw new BadRequest("The target " + target + " stands twice in the list. Nothing was done.");
            }
            targets.add(target);
        }
        return targets;
    }

    /**
     * Reads one target that is given at run time.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong with the text
     */
    static Target ofAddress(String text) {
        Target target = Target.parse(text);
        if (target.isName()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is a name to look up, which stands in the configuration only");
        }
        return target;
    }

    private static List<String> entries(String body) {
        if (!body.startsWith("[")) {
            return Stream.of(body.split("[\\s,]+"))
                    .filter(entry -> !entry.isEmpty())
                    .toList();
        }
        try {
            List<String> entries = new ArrayList<>();
            for (Object entry : new JsonArray(body)) {
                if (!(entry instanceof String text)) {
                    throw new BadRequest("The list holds something that is no text. " + form());
                }
                entries.add(text);
            }
            return entries;
        } catch (DecodeException e) {
            throw new BadRequest("The body begins like a JSON array and is none. " + form());
        }
    }

    private static Target target(String entry) {
        try {
            return ofAddress(entry);
        } catch (IllegalArgumentException e) {
            throw new BadRequest("The list names no target: " + e.getMessage() + ". " + form());
        }
    }

    private static String form() {
        return "The body is a list such as [\"10.0.0.7:8080\", \"10.0.0.8:8080\"], or a target on each line. Nothing"
                + " was done.";
    }
}
