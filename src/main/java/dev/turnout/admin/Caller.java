package dev.turnout.admin;

import dev.turnout.config.IpText;
import dev.turnout.routing.VisibleText;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;

/** The name of a caller for the journal: the address and the User-Agent. */
final class Caller {

    private static final int MOST_CHARACTERS = 80;

    private Caller() {}

    /** Returns the name of a call's caller. */
    static String of(RoutingContext call) {
        String address = address(call.request());
        String agent = call.request().getHeader("User-Agent");
        if (agent == null || agent.isBlank()) {
            return address;
        }
        return address + " (" + VisibleText.of(agent.strip(), MOST_CHARACTERS) + ")";
    }

    /** Returns who made a call through the front port, as the data plane tells it. */
    static String behindFront(HttpServerRequest request) {
        return VisibleText.of(String.valueOf(request.getHeader("X-Forwarded-For")), MOST_CHARACTERS)
                + " through the front port";
    }

    /** Returns the address of a call's peer. */
    static String address(HttpServerRequest request) {
        SocketAddress peer = request.remoteAddress();
        return peer == null ? "somebody" : IpText.of(peer.hostAddress());
    }
}
