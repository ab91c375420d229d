package dev.turnout.admin;

import dev.turnout.switching.CurrentState;
import dev.turnout.switching.GateDetail;
import dev.turnout.switching.JointReceipt;
import dev.turnout.switching.Receipt;
import dev.turnout.switching.Report;
import dev.turnout.switching.ServingJson;
import dev.turnout.switching.WatchVerdict;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** The answers of calls that change a service: a receipt, or a problem that tells what serves. Event loop only. */
@Singleton
final class ChangeAnswers {

    private final PendingResponses pending;
    private final CurrentState current;

    ChangeAnswers(PendingResponses pending, CurrentState current) {
        this.pending = pending;
        this.current = current;
    }

    /** Begins a change, and answers with its report when it has ended. */
    <R extends Report<R>> void report(RoutingContext call, Query query, Supplier<CompletionStage<R>> work) {
        GateDetail detail = query.isVerbose() ? GateDetail.ALL : GateDetail.LATEST;
        pending.later(
                call, work, report -> answer(call, report, query, detail), failure -> refuse(call, query, failure));
    }

    /** Begins a change of several services, and answers with their receipts when it has ended. */
    void together(RoutingContext call, Query query, Supplier<CompletionStage<JointReceipt>> work) {
        GateDetail detail = query.isVerbose() ? GateDetail.ALL : GateDetail.LATEST;
        pending.later(
                call,
                work,
                receipt -> Answers.change(call, receipt.json(detail)),
                failure -> refuse(call, query, failure));
    }

    /** Begins work that has no report, and answers with JSON and what serves. */
    <T> void json(RoutingContext call, Query query, Supplier<CompletionStage<T>> work, Function<T, JsonObject> answer) {
        pending.later(
                call,
                work,
                done -> {
                    JsonObject json = answer.apply(done);
                    serving(query).ifPresent(serving -> json.put("serving", serving));
                    Answers.change(call, json);
                },
                failure -> refuse(call, query, failure));
    }

    /** Answers 200 only if the caller may stop the old version. After a watch that found the new slot worse, answers 424. */
    private void answer(RoutingContext call, Report<?> report, Query query, GateDetail detail) {
        if (report instanceof Receipt receipt && isWorse(receipt)) {
            problem(call, query, Problems.worse(receipt, detail));
            return;
        }
        Answers.change(call, report.json(detail), report.revision());
    }

    private static boolean isWorse(Receipt receipt) {
        return receipt.watch()
                .filter(watch -> watch.flippedBack() || watch.verdict() == WatchVerdict.WORSE)
                .isPresent();
    }

    private void refuse(RoutingContext call, Query query, Throwable failure) {
        problem(call, query, Problems.of(failure, query.isVerbose() ? GateDetail.ALL : GateDetail.FAILURES));
    }

    private void problem(RoutingContext call, Query query, Problem problem) {
        Answers.problem(
                call.request(),
                serving(query).map(serving -> problem.with("serving", serving)).orElse(problem));
    }

    private Optional<JsonObject> serving(Query query) {
        return query.services().size() == 1
                ? current.get().service(query.service()).map(ServingJson::of)
                : Optional.empty();
    }
}
