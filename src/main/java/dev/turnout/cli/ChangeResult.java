package dev.turnout.cli;

import dev.turnout.client.AdminOutcome.Refused;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** What a change came to, for people. */
final class ChangeResult {

    private final Session session;

    ChangeResult(Session session) {
        this.session = session;
    }

    /** Returns the lines about a report. */
    List<String> of(JsonObject report) {
        List<String> lines = new ArrayList<>();
        lines.add(
                report.getValue("to") instanceof String to
                        ? session.say(to + " serves", to + "이(가) 서비스 중입니다")
                        : session.say("done", "완료"));
        if (report.getValue("warnings") instanceof JsonArray warnings) {
            warnings.forEach(warning -> lines.add(String.valueOf(warning)));
        }
        return lines;
    }

    /** Returns the lines about a refusal. */
    List<String> of(Refused refused) {
        return List.of(refused.detail());
    }
}
