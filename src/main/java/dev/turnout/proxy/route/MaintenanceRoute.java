package dev.turnout.proxy.route;

import dev.turnout.config.Cidr;
import dev.turnout.routing.MaintenanceTerms;
import dev.turnout.text.ErrorPage;
import java.util.List;

/**
 * What the data plane is to do with the requests for a service under maintenance.
 *
 * @param message what clients are told
 * @param allow whose requests are served as always
 * @param retryAfterSeconds when clients are told to come again
 */
public record MaintenanceRoute(String message, List<Cidr> allow, int retryAfterSeconds) {

    public MaintenanceRoute {
        allow = List.copyOf(allow);
    }

    static MaintenanceRoute of(MaintenanceTerms terms) {
        return new MaintenanceRoute(
                terms.message().orElse(ErrorPage.MAINTENANCE),
                terms.allow().stream().map(Cidr::parse).toList(),
                Math.toIntExact(terms.retryAfter().toSeconds()));
    }
}
