package dev.turnout.admin;

import dev.turnout.acme.AcmeStatus;
import dev.turnout.routing.VisibleText;
import dev.turnout.routing.Warning;
import dev.turnout.text.Language;
import dev.turnout.text.TlsText;
import dev.turnout.tls.CertificateEntry;
import dev.turnout.tls.CertificateProblem;
import dev.turnout.tls.CertificateReload;
import dev.turnout.tls.CertificateSource;
import dev.turnout.tls.KnownCertificates;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the certificates, as JSON and as warnings. Any thread.
 *
 * <ul>
 *   <li>{@code certificates[{names[], issuer, notBefore, notAfter, daysLeft, keyKind, source, file, serving, nextTry,
 *       lastError, lastErrorBecause}]}: {@code source} is {@code file}, {@code directory}, {@code acme} or {@code self-signed}; what is not
 *       known is null
 *   <li>{@code problems[{origin, text, because[{code, ...}], warning}]}: what needs attention; a {@code warning} does not
 *       keep a certificate from being served; {@code because} has what {@code text} says as codes with facts
 *   <li>{@code acme[{names[], state, authority, notAfter, nextTry, failures, failingSince, lastError, lastErrorBecause}]}: the orders
 * </ul>
 */
public final class CertificateReport {

    private final KnownCertificates certificates;
    private final Supplier<List<AcmeStatus>> orders;
    private final Clock clock;

    /** @param orders what is known of the certificates that Turnout orders itself */
    public CertificateReport(KnownCertificates certificates, Supplier<List<AcmeStatus>> orders, Clock clock) {
        this.certificates = certificates;
        this.orders = orders;
        this.clock = clock;
    }

    JsonObject json() {
        JsonArray known = new JsonArray();
        List<AcmeStatus> ordered = orders.get();
        certificates.entries().forEach(entry -> known.add(entry(entry, order(entry, ordered))));
        JsonArray acme = new JsonArray();
        ordered.forEach(status -> acme.add(order(status)));
        return new JsonObject()
                .put("certificates", known)
                .put("problems", problems(certificates.problems()))
                .put("acme", acme);
    }

    /** Returns what a look at the files has changed. */
    JsonObject of(CertificateReload reload) {
        JsonArray changed = new JsonArray();
        reload.changed().forEach(entry -> changed.add(entry(entry, Optional.empty())));
        return new JsonObject()
                .put("changed", changed)
                .put("removed", new JsonArray(reload.removed()))
                .put("unchanged", reload.unchanged())
                .put("problems", problems(reload.problems()));
    }

    private static Optional<AcmeStatus> order(CertificateEntry entry, List<AcmeStatus> orders) {
        return orders.stream()
                .filter(status -> !Collections.disjoint(status.names(), entry.names()))
                .findFirst();
    }

    private JsonObject entry(CertificateEntry entry, Optional<AcmeStatus> order) {
        Optional<TlsText> error = entry.lastError().or(() -> order.flatMap(AcmeStatus::lastError));
        return new JsonObject()
                .put("names", new JsonArray(entry.names()))
                .put("issuer", visible(entry.issuer()))
                .put("notBefore", text(entry.notBefore()))
                .put("notAfter", text(entry.notAfter()))
                .put("daysLeft", daysLeft(entry))
                .put("keyKind", entry.keyKind())
                .put("source", word(entry.source()))
                .put("file", entry.origin())
                .put("serving", entry.isServing())
                .put("nextTry", text(order.flatMap(AcmeStatus::nextTry)))
                .put("lastError", english(error))
                .put("lastErrorBecause", error.map(TlsText::json).orElse(null));
    }

    private static JsonObject order(AcmeStatus status) {
        return new JsonObject()
                .put("names", new JsonArray(status.names()))
                .put("state", status.state().name().toLowerCase(Locale.ROOT))
                .put("authority", status.authority())
                .put("notAfter", text(status.notAfter()))
                .put("nextTry", text(status.nextTry()))
                .put("failures", status.failures())
                .put("failingSince", text(status.failingSince()))
                .put("lastError", english(status.lastError()))
                .put("lastErrorBecause", status.lastError().map(TlsText::json).orElse(null));
    }

    private static @Nullable String english(Optional<TlsText> error) {
        return error.map(TlsText::english).map(CertificateReport::visible).orElse(null);
    }

    private static JsonArray problems(List<CertificateProblem> problems) {
        JsonArray all = new JsonArray();
        problems.forEach(problem -> all.add(new JsonObject()
                .put("origin", problem.origin())
                .put("text", visible(problem.text().english()))
                .put("because", problem.text().json())
                .put("warning", problem.isWarning())));
        return all;
    }

    private @Nullable Long daysLeft(CertificateEntry entry) {
        OptionalLong days = entry.daysLeft(clock.instant());
        return days.isPresent() ? days.getAsLong() : null;
    }

    static String word(CertificateSource source) {
        return source.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static @Nullable String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }

    /** An authority's words, and names in a certificate, are written by others. */
    private static String visible(String text) {
        return VisibleText.of(text, VisibleText.LONG);
    }

    /** Returns what an operator should know; empty if all is well. */
    List<Warning> warnings() {
        List<Warning> warnings = new ArrayList<>();
        certificates.problems().stream()
                .map(CertificateProblem::text)
                .forEach(text -> warnings.add(warning("certificate-problem", text::in)));
        orders.get().stream()
                .filter(status -> status.state() == AcmeStatus.State.FAILING)
                .forEach(status -> warnings.add(warning("certificate-order-failing", in -> failing(status, in))));
        certificates.entries().stream()
                .filter(entry -> entry.endsSoon(clock.instant()))
                .forEach(entry -> warnings.add(warning("certificate-ending", in -> ending(entry, in))));
        return warnings;
    }

    private static Warning warning(String code, Function<Language, String> sentence) {
        return new Warning(code, sentence.apply(Language.ENGLISH), sentence.apply(Language.KOREAN)).visible();
    }

    private static String failing(AcmeStatus status, Language in) {
        String names = String.join(", ", status.names());
        String why = status.lastError().map(error -> error.in(in)).orElse(in.of("no reason was given", "이유를 알 수 없음"));
        return in.of(
                "The certificate for " + names + " could not be ordered from " + status.authority() + ", "
                        + status.failures() + " times by now: " + why
                        + status.nextTry()
                                .map(next -> ". The next try is at " + next)
                                .orElse("")
                        + ".",
                names + " 인증서를 " + status.authority() + "에서 발급받지 못했습니다(지금까지 " + status.failures() + "번): " + why
                        + status.nextTry().map(next -> ". 다음 시도: " + next).orElse("") + ".");
    }

    private String ending(CertificateEntry entry, Language in) {
        String certificate = String.join(", ", entry.names()) + " (" + entry.origin() + ")";
        long days = entry.daysLeft(clock.instant()).orElse(0);
        return in.of(
                "The certificate for " + certificate + " ends in " + days
                        + " days, and no newer one is there. Renew it, then: turnout certificates reload.",
                certificate + " 인증서가 " + days + "일 뒤에 만료되고 새 인증서가 없습니다. 갱신한 뒤 실행하십시오: turnout certificates reload.");
    }
}
