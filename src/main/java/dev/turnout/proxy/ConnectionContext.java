package dev.turnout.proxy;

import dev.turnout.proxy.http1.RequestRewriter;
import dev.turnout.proxy.loop.HeadBudget;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.RequestIds;
import dev.turnout.proxy.loop.ScanScratch;
import dev.turnout.proxy.route.Preview;

/** What the client connections of one event loop share. Event loop only. */
final class ConnectionContext {

    private final LoopContext loop;
    private final ScanScratch scratch;
    private final ConnectionSettings settings;
    private final ClientConnections clients;
    private final HeadBudget<ClientConnection> heads;
    private final ExchangeContext exchanges;
    private final RequestIds requestIds;
    private final RequestRewriter requestRewriter;
    private final TargetSettings targets;
    private final Preview preview;
    private AdminOnFront adminOnFront;

    ConnectionContext(
            ConnectionSettings settings,
            TargetSettings targets,
            Preview preview,
            ClientConnections clients,
            HeadBudget<ClientConnection> heads,
            ExchangeContext exchanges,
            RequestIds requestIds) {
        this.loop = exchanges.loop();
        this.scratch = exchanges.scratch();
        this.settings = settings;
        this.targets = targets;
        this.preview = preview;
        this.clients = clients;
        this.heads = heads;
        this.exchanges = exchanges;
        this.requestIds = requestIds;
        this.requestRewriter = new RequestRewriter(requestIds.id(), targets.forgedFields());
    }

    LoopContext loop() {
        return loop;
    }

    ScanScratch scratch() {
        return scratch;
    }

    ConnectionSettings settings() {
        return settings;
    }

    TargetSettings targets() {
        return targets;
    }

    /** Returns the rule for which requests may choose a slot. */
    Preview preview() {
        return preview;
    }

    ClientConnections clients() {
        return clients;
    }

    /** Returns the memory for heads of this event loop. */
    HeadBudget<ClientConnection> heads() {
        return heads;
    }

    /** Returns what the exchanges of this event loop share. */
    ExchangeContext exchanges() {
        return exchanges;
    }

    /** Returns the rewriter, with a request id that no other request of this process has. */
    RequestRewriter requestRewriter() {
        requestIds.advance();
        return requestRewriter;
    }

    /** Lets requests for {@value AdminOnFront#PATH} go to the admin server. To be called before the first client. */
    void serveAdmin(AdminOnFront admin) {
        adminOnFront = admin;
    }

    /** Returns the admin server that is reached through the front port; null if it is not. */
    AdminOnFront adminOnFront() {
        return adminOnFront;
    }
}
