package dev.turnout.health;

import dev.turnout.config.SystemShortage;
import dev.turnout.routing.Target;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.net.SocketAddress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One probe of one target, over a connection of its own.
 *
 * <p>Each probe has its own client. To close the client ends the connection in any state. So nothing of a slow, endless
 * or broken response outlives the probe.
 */
final class Probe {

    private final Vertx vertx;
    private final Target target;
    private final ProbePlan plan;
    private final Instant at = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final ProbeClient client;
    private final BoundedBody body = new BoundedBody();
    private final Promise<ProbeResult> result = Promise.promise();

    private Probe(Vertx vertx, Target target, ProbePlan plan) {
        this.vertx = vertx;
        this.target = target;
        this.plan = plan;
        this.client = ProbeClient.of(vertx, plan, "turnout-probe", 1);
    }

    /**
     * Sends the probe.
     *
     * @return completes with a result in any case, after the plan's timeout at the latest; called and completed on one
     *     event loop context
     */
    static Future<ProbeResult> send(Vertx vertx, Target target, ProbePlan plan) {
        try {
            return new Probe(vertx, target, plan).send();
        } catch (RuntimeException | OutOfMemoryError e) {
            // A probe that can't even be written must not end the probing.
            String cause = shortage(e).orElseGet(() -> "not asked: " + e.getMessage());
            return Future.succeededFuture(new ProbeResult(Instant.now(), false, 0, cause, "", 0, plan.hostOf(target)));
        }
    }

    private Future<ProbeResult> send() {
        long timer = vertx.setTimer(plan.timeoutMillis(), id -> bad(ProbeResult.TIMEOUT));
        ProbeAddress.of(vertx, target, plan)
                .compose(this::ask)
                .onSuccess(this::answered)
                .onFailure(failure -> bad(cause(failure)));
        return result.future().onComplete(ended -> {
            vertx.cancelTimer(timer);
            client.close();
        });
    }

    private Future<ProbeReply> ask(SocketAddress address) {
        return client.send(address, target, plan.path(), plan.grpcService().map(GrpcHealth::question), body);
    }

    private void answered(ProbeReply reply) {
        int status = reply.status();
        if (plan.grpcService().isPresent()) {
            GrpcHealth.Answer answer = GrpcHealth.answer(status, reply.grpcStatus(), reply.grpcMessage(), body.bytes());
            end(answer.isServing(), status, answer.cause());
            return;
        }
        end(plan.status().contains(status), status, Integer.toString(status));
    }

    private void bad(String cause) {
        end(false, 0, cause);
    }

    private void end(boolean good, int status, String cause) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
        result.tryComplete(new ProbeResult(at, good, status, cause, body.start(), millis, plan.hostOf(target)));
    }

    private String cause(Throwable failure) {
        return shortage(failure).or(() -> plan.explain(failure)).orElseGet(() -> plainCause(failure));
    }

    /** Returns the cause of a failure that is none of the target; empty if the target may be to blame. */
    private static Optional<String> shortage(Throwable failure) {
        if (SystemShortage.isOfDescriptors(failure)) {
            return Optional.of(ProbeResult.NO_DESCRIPTOR);
        }
        return SystemShortage.isOfThreads(failure) ? Optional.of(ProbeResult.NO_THREAD) : Optional.empty();
    }

    private static String plainCause(Throwable failure) {
        if (failure instanceof ConnectTimeoutException || failure instanceof TimeoutException) {
            return ProbeResult.TIMEOUT;
        }
        if (failure instanceof UnknownHostException) {
            return "unknown host";
        }
        if (failure instanceof FileNotFoundException) {
            return "no such socket";
        }
        if (says(failure, "Permission denied")) {
            return "permission denied: Turnout's user may not write to the socket, or not enter its folder";
        }
        if (failure instanceof ConnectException) {
            return says(failure, "refused") ? ProbeResult.REFUSED : "unreachable: " + failure.getMessage();
        }
        if (failure instanceof HttpClosedException) {
            return "closed";
        }
        if (failure instanceof BoundedBody.TooLong) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof IOException) {
            return says(failure, "reset") ? "reset" : "failed: " + failure.getMessage();
        }
        return "garbage: " + failure.getMessage();
    }

    private static boolean says(Throwable failure, String word) {
        return failure.getMessage() != null && failure.getMessage().contains(word);
    }
}
