package dev.turnout.admin;

import dev.turnout.config.IpText;
import dev.turnout.routing.VisibleText;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;

/** The name of a caller for the journal: the address and the User-Agent. */
final class Caller {

    private static final int MOST_CHARACTERS = 80;

    private Caller() {}
    /** Returns the name of a call's caller. */
    static String of(RoutingContext call) {
        SocketAddress peer = call.request().remoteAddress();
        String address = peer == null ? "somebody" : IpText.of(peer.hostAddress());
        String agent = call.request().getHeader("User-Agent");
        if (agent == null || agent.isBlank()) {
            return address;
        }
        return address + " (" + VisibleText.of(agent.strip(), MOST_CHARACTERS) + ")";
    }
}
