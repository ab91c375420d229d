package dev.turnout.admin;

import dev.turnout.config.Cidr;
import dev.turnout.routing.MaintenanceTerms;
import dev.turnout.switching.Maintaining;
import dev.turnout.switching.MaintenanceOrder;
import io.quarkus.vertx.web.Route;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The calls that begin a maintenance of a service, change its terms, and end it. Event loop only. */
@Singleton
final class MaintenanceRoutes {

    /** A block of IPv6 addresses has at most 43 characters. */
    private static final int ALLOW_CHARACTERS = MaintenanceTerms.MOST_BLOCKS * 44;

    private final Maintaining maintaining;
    private final ChangeAnswers answers;

    MaintenanceRoutes(Maintaining maintaining, ChangeAnswers answers) {
        this.maintaining = maintaining;
        this.answers = answers;
    }

    @Route(path = "/admin/maintenance", methods = Route.HttpMethod.POST)
    void begin(RoutingContext call) {
        Query query = Query.of(call, "message", "allow", "retry-after", "by", "note");
        begin(call, query, Optional.of(terms(query)));
    }

    @Route(path = "/admin/maintenance", methods = Route.HttpMethod.DELETE)
    void end(RoutingContext call) {
        begin(call, Query.of(call, "by", "note"), Optional.empty());
    }

    private static MaintenanceTerms terms(Query query) {
        return new MaintenanceTerms(
                query.text("message", MaintenanceTerms.MESSAGE_CHARACTERS),
                query.text("allow", ALLOW_CHARACTERS)
                        .map(MaintenanceRoutes::blocks)
                        .orElse(List.of()),
                query.time("retry-after", MaintenanceTerms.LONGEST_RETRY).orElse(MaintenanceTerms.USUAL_RETRY));
    }

    private static List<String> blocks(String text) {
        List<String> blocks =
                Stream.of(text.split(",")).map(String::strip).distinct().toList();
        if (blocks.size() > MaintenanceTerms.MOST_BLOCKS) {
            throw new BadRequest("The parameter 'allow' names " + blocks.size() + " blocks of addresses, and at most "
                    + MaintenanceTerms.MOST_BLOCKS + " may be allowed. Nothing was done.");
        }
        try {
            blocks.forEach(Cidr::parse);
        } catch (IllegalArgumentException e) {
            throw new BadRequest("The parameter 'allow' is IP addresses or CIDR blocks such as 10.0.0.0/8, with commas"
                    + " between them: " + e.getMessage() + ". Nothing was done.");
        }
        return blocks;
    }

    private void begin(RoutingContext call, Query query, Optional<MaintenanceTerms> terms) {
        MaintenanceOrder order = new MaintenanceOrder(query.service(), terms, IfMatch.of(call), query.note(call));
        answers.report(call, query, () -> maintaining.begin(order));
    }
}
