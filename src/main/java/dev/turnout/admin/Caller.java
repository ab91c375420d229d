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

    /**
     * Returns where a call comes from: the address of its peer, or what the data plane says of a call through the front
     * port. {@link Guard#forgetMadeUpMark} has to have looked at the call.
     */
    static String address(HttpServerRequest request) {
        if (request.getHeader(FrontSecret.HEADER) != null) {
            return VisibleText.of(String.valueOf(request.getHeader("X-Forwarded-For")), MOST_CHARACTERS)
                    + " through the front port";
        }
        SocketAddress peer = request.remoteAddress();
        return peer == null ? "somebody" : IpText.of(peer.hostAddress());
    }
}
