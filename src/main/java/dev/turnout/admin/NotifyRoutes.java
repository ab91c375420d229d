package dev.turnout.admin;

import dev.turnout.notify.Notifications;
import dev.turnout.notify.ReceiverTrial;
import io.quarkus.vertx.web.Route;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The call about notifications. Event loop only. */
@Singleton
final class NotifyRoutes {

    private static final int NAME_CHARACTERS = 64;

    private final Notifications notifications;
    private final Vertx vertx;
    private final PendingResponses pending;

    NotifyRoutes(Notifications notifications, Vertx vertx, PendingResponses pending) {
        this.notifications = notifications;
        this.vertx = vertx;
        this.pending = pending;
    }

    @Route(path = "/admin/notify/test", methods = Route.HttpMethod.POST)
    void test(RoutingContext call) {
        Optional<String> receiver = Query.of(call, "receiver").text("receiver", NAME_CHARACTERS);
        pending.later(
                call,
                () -> vertx.executeBlocking(() -> notifications.test(receiver), false)
                        .toCompletionStage(),
                trials -> answer(call, receiver, trials),
                failure -> Answers.problem(call, Problems.of(failure)));
    }

    private static void answer(RoutingContext call, Optional<String> receiver, List<ReceiverTrial> trials) {
        JsonObject report = new JsonObject()
                .put(
                        "receivers",
                        new JsonArray(trials.stream().map(NotifyRoutes::json).toList()));
        if (trials.isEmpty()) {
            Answers.problem(call, none(receiver));
        } else if (trials.stream().allMatch(ReceiverTrial::isSent)) {
            Answers.json(call, report);
        } else {
            Answers.problem(call, failed(trials).with(report));
        }
    }

    private static Problem none(Optional<String> receiver) {
        return Problem.of(
                "no-receiver",
                404,
                "There is no such receiver of notifications",
                receiver.map(name -> "No receiver has the name '" + name + "'.")
                                .orElse("Nobody is told of anything: turnout.notify.url has no value.")
                        + " Nothing was sent. Set turnout.notify.url, or turnout.notify.receivers.\"NAME\".url, and"
                        + " reload.");
    }

    private static Problem failed(List<ReceiverTrial> trials) {
        String failures = trials.stream()
                .filter(trial -> !trial.isSent())
                .map(trial -> "Receiver '" + trial.receiver() + "' has not got the message: it " + trial.words() + ".")
                .collect(Collectors.joining(" "));
        return Problem.of(
                "notification-failed",
                502,
                "A receiver could not be told",
                failures + " Nothing else has changed. Correct the keys under turnout.notify, reload, and try again.");
    }

    private static JsonObject json(ReceiverTrial trial) {
        return new JsonObject()
                .put("receiver", trial.receiver())
                .put("form", trial.form())
                .put("sent", trial.isSent())
                .put("cause", trial.cause().orElse(null))
                .put("reason", trial.isSent() ? null : trial.words())
                .put("tookMillis", trial.tookMillis());
    }
}
