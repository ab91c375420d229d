package dev.turnout.doctor;

import dev.turnout.routing.Target;
import dev.turnout.routing.VisibleText;
import dev.turnout.text.Phrase;
import dev.turnout.tls.RenewalTime;
import dev.turnout.tls.TargetTls;
import dev.turnout.tls.TlsFailure;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether targets that Turnout speaks TLS with prove who they are, for how long, and take the protocol of their service.
 * Measured.
 */
final class EncryptedTargetsCheck implements Check {

    private static final String WORD = "target-tls";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<AskedTarget> targets;
    private final Duration patience;
    private final Clock clock;

    /** @param targets of which those are looked at that are spoken to over TLS */
    EncryptedTargetsCheck(List<AskedTarget> targets, Clock clock) {
        this(targets, PATIENCE, clock);
    }

    /** @param patience for the connection, for the handshake, and for the first byte of an answer */
    EncryptedTargetsCheck(List<AskedTarget> targets, Duration patience, Clock clock) {
        this.targets = List.copyOf(targets);
        this.patience = patience;
        this.clock = clock;
    }

    @Override
    public List<Finding> look() {
        return targets.stream()
                .flatMap(asked -> asked.encryption().map(tls -> look(asked, tls)).stream())
                .toList();
    }

    private Finding look(AskedTarget asked, TargetTls tls) {
        Target target = asked.target();
        try (EncryptedConnection connection = EncryptedConnection.open(asked, tls, patience)) {
            if (asked.protocol().isHttp2() && !connection.isHttp2()) {
                return noHttp2(target);
            }
            hear(connection, asked.firstWords());
            return tls.trust().isPresent() ? ends(target, connection.certificate()) : unverified(target);
        } catch (IOException e) {
            return failed(target, e);
        }
    }

    /**
     * Waits for what a target says first. With TLS 1.3 it refuses Turnout's certificate only when the handshake is over here,
     * and may have hung up behind that before it is told anything.
     */
    private void hear(EncryptedConnection connection, byte[] words) throws IOException {
        IOException untold = null;
        try {
            connection.write(words);
        } catch (IOException e) {
            untold = e;
        }
        connection.read(new byte[1], patience.toMillis());
        if (untold != null) {
            throw untold;
        }
    }

    private Finding ends(Target target, X509Certificate certificate) {
        Instant now = clock.instant();
        Instant end = certificate.getNotAfter().toInstant();
        long days = Duration.between(now, end).toDays();
        if (now.isAfter(RenewalTime.of(certificate.getNotBefore().toInstant(), end))) {
            return new Finding(
                    Severity.WARNING,
                    WORD,
                    new Phrase(
                            "The certificate of " + target + " is believed, and ends in " + days + " days",
                            target + "의 인증서를 확인했지만 " + days + "일 뒤에 만료됩니다"),
                    new Phrase("Renew it: after that no request reaches the target", "갱신하세요. 만료되면 요청이 대상에 닿지 않습니다"));
        }
        return Finding.good(
                WORD,
                new Phrase(
                        target + " proves who it is over TLS: its certificate is valid for " + days + " days",
                        target + "이(가) TLS로 신원을 증명합니다. 인증서는 " + days + "일 동안 유효합니다"));
    }

    private static Finding unverified(Target target) {
        return Finding.good(
                WORD,
                new Phrase(
                        target + " speaks TLS; its certificate is not verified, as configured",
                        target + "은(는) TLS로 통신합니다. 설정대로 인증서는 확인하지 않습니다"));
    }

    private static Finding noHttp2(Target target) {
        return new Finding(
                Severity.ERROR,
                WORD,
                new Phrase(
                        target + " does not offer HTTP/2 over TLS, which its service has as protocol=h2",
                        target + "이(가) TLS에서 HTTP/2를 제공하지 않는데 서비스 설정은 protocol=h2입니다"),
                new Phrase(
                        "Turn HTTP/2 on in the application, or remove protocol=h2",
                        "애플리케이션에서 HTTP/2를 켜거나 protocol=h2를 지우세요"));
    }

    private static Finding failed(Target target, IOException failure) {
        Optional<TlsFailure> ofTls = TlsFailure.of(failure);
        String reason = VisibleText.of(String.valueOf(failure.getMessage()), VisibleText.SHORT);
        if (ofTls.isEmpty()) {
            return new Finding(
                    Severity.ADVICE,
                    WORD,
                    new Phrase(
                            target + " could not be asked for its certificate: " + reason,
                            target + "의 인증서를 물을 수 없습니다: " + reason),
                    new Phrase("Run this again while the application runs", "애플리케이션이 실행 중일 때 다시 실행하세요"));
        }
        return new Finding(Severity.ERROR, WORD, why(target, ofTls.get()), advice(ofTls.get()));
    }

    private static Phrase why(Target target, TlsFailure failure) {
        String detail = " (" + VisibleText.of(failure.detail(), VisibleText.SHORT) + ")";
        return switch (failure.fault()) {
            case UNKNOWN_AUTHORITY, OTHER_CERTIFICATE ->
                new Phrase(
                        "The certificate of " + target + " is from an authority that Turnout does not know",
                        target + "의 인증서를 발급한 인증 기관을 Turnout이 모릅니다");
            case WRONG_NAME ->
                new Phrase(
                        "The certificate of " + target + " is for another name" + detail,
                        target + "의 인증서가 다른 이름의 것입니다" + detail);
            case EXPIRED ->
                new Phrase(
                        "The certificate of " + target + " has expired" + detail, target + "의 인증서가 만료되었습니다" + detail);
            case NOT_YET_VALID ->
                new Phrase(
                        "The certificate of " + target + " is not valid yet" + detail,
                        target + "의 인증서가 아직 유효하지 않습니다" + detail);
            case NOT_TLS -> new Phrase(target + " does not speak TLS", target + "이(가) TLS로 통신하지 않습니다");
            case CALLER_REFUSED ->
                new Phrase(
                        target + " wants a certificate of Turnout, or does not take the configured one",
                        target + "이(가) Turnout의 인증서를 요구하거나, 설정된 인증서를 받지 않습니다");
            case REFUSED, TOO_SLOW, CLOSED, OTHER ->
                new Phrase(
                        "The TLS handshake with " + target + " fails" + detail,
                        target + "와(과)의 TLS 핸드셰이크가 실패합니다" + detail);
        };
    }

    private static Phrase advice(TlsFailure failure) {
        return switch (failure.fault()) {
            case UNKNOWN_AUTHORITY, OTHER_CERTIFICATE ->
                new Phrase(
                        "Set turnout.upstream.tls-ca to the PEM file of the authority",
                        "turnout.upstream.tls-ca에 인증 기관의 PEM 파일을 지정하세요");
            case WRONG_NAME ->
                new Phrase(
                        "Set turnout.upstream.tls-name to a name that is in the certificate",
                        "turnout.upstream.tls-name에 인증서에 있는 이름을 지정하세요");
            case EXPIRED, NOT_YET_VALID ->
                new Phrase(
                        "Give the application a certificate that is valid now, and look at the clock",
                        "애플리케이션에 지금 유효한 인증서를 주고 시계를 확인하세요");
            case NOT_TLS ->
                new Phrase(
                        "Use the application's port for TLS, or remove turnout.upstream.tls",
                        "애플리케이션의 TLS 포트를 쓰거나 turnout.upstream.tls를 지우세요");
            case CALLER_REFUSED ->
                new Phrase(
                        "Set turnout.upstream.tls-cert and tls-key to a pair that the application believes",
                        "turnout.upstream.tls-cert와 tls-key에 애플리케이션이 믿는 쌍을 지정하세요");
            case REFUSED, TOO_SLOW, CLOSED, OTHER -> new Phrase("Look into the application's log", "애플리케이션의 로그를 확인하세요");
        };
    }
}
