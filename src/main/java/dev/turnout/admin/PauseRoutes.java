package dev.turnout.admin;

import dev.turnout.switching.PauseOrder;
import dev.turnout.switching.Pausing;
import io.quarkus.vertx.web.Route;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;

/** The calls that hold new requests, and let the requests go. Event loop only. */
@Singleton
final class PauseRoutes {

    private final Pausing pausing;
    private final ChangeAnswers answers;

    PauseRoutes(Pausing pausing, ChangeAnswers answers) {
        this.pausing = pausing;
        this.answers = answers;
    }

    @Route(path = "/admin/pause", methods = Route.HttpMethod.POST)
    void pause(RoutingContext call) {
        Query query = Query.of(call, "wait", "by", "note", Query.WITHOUT);
        String until = query.word("wait", List.of("paused", "drained")).orElse("paused");
        begin(call, query, true, until.equals("drained"));
    }

    @Route(path = "/admin/resume", methods = Route.HttpMethod.POST)
    void resume(RoutingContext call) {
        begin(call, Query.of(call, "by", "note"), false, false);
    }

    private void begin(RoutingContext call, Query query, boolean paused, boolean untilDrained) {
        PauseOrder order = new PauseOrder(query.service(), paused, untilDrained, IfMatch.of(call), query.note(call));
        answers.report(call, query, () -> pausing.begin(order));
    }
}
