package dev.turnout.admin;

import dev.turnout.tls.CertificateProblem;
import dev.turnout.tls.CertificateReload;
import dev.turnout.tls.KnownCertificates;
import io.quarkus.vertx.web.Route;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

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
    @Operation(
            operationId = "certificates",
            summary = "The certificates for HTTPS",
            description = "Names, issuer, end and source of each, what needs attention, and the orders by ACME.")
    @APIResponse(
            responseCode = "200",
            description = "certificates[{names, issuer, notBefore, notAfter, daysLeft, keyKind, source, file, serving,"
                    + " nextTry, lastError}], problems[{origin, text, warning}], acme[{names, state, authority, notAfter,"
                    + " nextTry, failures, failingSince, lastError}]")
    void certificates(RoutingContext call) {
        Query.of(call);
        Answers.json(call, report.json());
    }

    @Route(path = "/admin/certificates/reload", methods = Route.HttpMethod.POST)
    @Operation(
            operationId = "certificates-reload",
            summary = "Looks at the files of all certificates now",
            description = "What is new is served when the answer comes. Without this call the files are looked at every"
                    + " ten seconds. A certificate that can't be served leaves the old one in use.")
    @APIResponse(responseCode = "200", description = "changed[], removed[], unchanged, problems[]")
    @APIResponse(
            responseCode = "422",
            description = "bad-certificate, with errors[]; what could be served is in changed[], and is served")
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
                .map(CertificateProblem::text)
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
