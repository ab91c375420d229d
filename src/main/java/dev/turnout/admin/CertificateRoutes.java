package dev.turnout.admin;

import dev.turnout.tls.CertificateReload;
import dev.turnout.tls.KnownCertificates;
import io.quarkus.vertx.web.Route;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;

/** The calls about certificates. Event loop only. */
@Singleton
final class CertificateRoutes {

    private final CertificateReport report;
    private final KnownCertificates certificates;
    private final Vertx vertx;
    private final PendingResponses pending;

    CertificateRoutes(CertificateReport report, KnownCertificates certificates, Vertx vertx, PendingResponses pending) {
        this.report = report;
        this.certificates = certificates;
        this.vertx = vertx;
        this.pending = pending;
    }

    @Route(path = "/admin/certificates", methods = Route.HttpMethod.GET)
    void certificates(RoutingContext call) {
        Query.of(call);
        Answers.json(call, report.json());
    }

    @Route(path = "/admin/certificates/reload", methods = Route.HttpMethod.POST)
    void reload(RoutingContext call) {
        Query.of(call);
        pending.later(
                call,
                () -> vertx.executeBlocking(certificates::reload, false).toCompletionStage(),
                reload -> answer(call, reload),
                failure -> Answers.problem(call, Problems.of(failure)));
    }

    private void answer(RoutingContext call, CertificateReload reload) {
        List<String> errors = reload.problems().stream()
                .filter(problem -> !problem.isWarning())
                .map(problem -> problem.text().english())
                .toList();
        if (errors.isEmpty()) {
            Answers.change(call, report.of(reload));
        } else {
            Answers.problem(
                    call,
                    Problem.of(
                                    "bad-certificate",
                                    422,
                                    "A certificate can't be served",
                                    "What was served before stays in use: " + String.join(" ", errors))
                            .with(report.of(reload))
                            .with("errors", new JsonArray(errors)));
        }
    }
}
