package dev.turnout.health;

import dev.turnout.routing.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.codec.BodyCodec;
import java.util.Optional;

/** What sends probes and the requests of a warm-up. On one event loop context. */
sealed interface ProbeClient permits PooledProbeClient, Http1ProbeClient {

    /**
     * Returns a client that speaks to targets as a plan says.
     *
     * @param name the client's name, which targets see
     * @param connections how many connections to one target may be open; 1 for a new connection for each request
     */
    static ProbeClient of(Vertx vertx, ProbePlan plan, String name, int connections) {
        boolean ownConnections = connections == 1 && !plan.isHttp2();
        // There is no HTTP/2 with a header of the PROXY protocol.
        return ownConnections || plan.header().isPresent()
                ? new Http1ProbeClient(vertx, plan, name)
                : new PooledProbeClient(vertx, plan, name, connections);
    }

    /**
     * Sends a request.
     *
     * @param address where to connect to
     * @param question sent with POST, as a message of gRPC; empty for a GET
     * @param body takes the body of the response
     * @return completes when the response is whole
     */
    Future<ProbeReply> send(
            SocketAddress address, Target target, String path, Optional<Buffer> question, BodyCodec<Void> body);

    /** Ends all connections in any state. */
    void close();
}
