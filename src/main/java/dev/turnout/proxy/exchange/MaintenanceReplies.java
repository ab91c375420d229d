package dev.turnout.proxy.exchange;

import dev.turnout.config.Cidr;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.route.MaintenanceRoute;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** The answer to requests for a service that is under maintenance. */
final class MaintenanceReplies {

    private MaintenanceReplies() {}

    /** Returns the answer to a client; null if the client is served. */
    static @Nullable LocalReply to(MaintenanceRoute maintenance, RequestHead head, Admission.Client client) {
        if (!maintenance.allow().isEmpty() && isAllowed(maintenance, client.origin(head))) {
            return null;
        }
        return new LocalReply(
                503, LocalReplies.MAINTENANCE, maintenance.message(), "", maintenance.retryAfterSeconds());
    }

    /** A client whose address a trusted proxy does not tell is not allowed. */
    private static boolean isAllowed(MaintenanceRoute maintenance, @Nullable InetAddress client) {
        return client != null && Cidr.anyContains(maintenance.allow(), client);
    }
}
