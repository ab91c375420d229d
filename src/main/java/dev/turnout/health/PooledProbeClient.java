package dev.turnout.health;

import dev.turnout.routing.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends requests over connections that are used again, unless there may be one only. */
final class PooledProbeClient implements ProbeClient {

    private final ProbePlan plan;
    private final HttpClient client;
    private final WebClient web;

    PooledProbeClient(Vertx vertx, ProbePlan plan, String name, int connections) {
        this.plan = plan;
        this.client = vertx.httpClientBuilder()
                .with(plan.client()
                        .setKeepAlive(connections > 1)
                        .setConnectTimeout(plan.timeoutMillis())
                        .setName(name))
                .with(new PoolOptions().setHttp1MaxSize(connections))
                // The request fails too. Without a handler each bad probe would be an error in the log.
                .withConnectHandler(connection -> connection.exceptionHandler(failure -> {}))
                .build();
        this.web = WebClient.wrap(
                client, new WebClientOptions().setFollowRedirects(false).setUserAgent(name));
    }

    @Override
    public Future<ProbeReply> send(
            SocketAddress address, Target target, String path, Optional<Buffer> question, BodyCodec<Void> body) {
        HttpMethod method = question.isPresent() ? HttpMethod.POST : HttpMethod.GET;
        HttpRequest<Void> request = plan.withHost(
                        web.request(method, address, plan.portOf(target), plan.nameOf(target), path), target)
                .as(body);
        Future<HttpResponse<Void>> response = question.isEmpty()
                ? request.send()
                : request.putHeader("Content-Type", GrpcHealth.CONTENT_TYPE)
                        .putHeader("TE", "trailers")
                        .sendBuffer(question.get());
        return response.map(PooledProbeClient::reply);
    }

    private static ProbeReply reply(HttpResponse<Void> response) {
        return new ProbeReply(response.statusCode(), field(response, "grpc-status"), field(response, "grpc-message"));
    }

    /** A response without a message has the fields in its head. */
    private static @Nullable String field(HttpResponse<Void> response, String name) {
        String trailer = response.trailers().get(name);
        return trailer == null ? response.getHeader(name) : trailer;
    }

    @Override
    public void close() {
        client.close();
    }
}
