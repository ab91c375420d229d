package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A failure of TLS has one fault, whichever engine and whichever side of Turnout has seen it")
final class TlsFailureTest {

    private static Throwable tls(String message) {
        return new SSLException(message);
    }

    private static Throwable within(Throwable... causes) {
        Throwable inner = causes[causes.length - 1];
        for (int i = causes.length - 2; i >= 0; i--) {
            inner = causes[i].initCause(inner);
        }
        return new SSLHandshakeException("outer").initCause(inner);
    }

    private static CertPathValidatorException path(Reason reason) {
        return new CertPathValidatorException("not this path", null, null, -1, reason);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(TlsFault.CALLER_REFUSED, tls("Received fatal alert: certificate_required")),
                Arguments.of(TlsFault.CALLER_REFUSED, tls("Received fatal alert: bad_certificate")),
                Arguments.of(TlsFault.CALLER_REFUSED, tls("Received fatal alert: unknown_ca")),
                Arguments.of(TlsFault.CALLER_REFUSED, tls("error:1000: SSL routines:TLSV1_CERTIFICATE_REQUIRED")),
                Arguments.of(TlsFault.CALLER_REFUSED, tls("error:1000: SSL routines:TLSV1_ALERT_UNKNOWN_CA")),
                Arguments.of(TlsFault.CALLER_REFUSED, tls("error:1000: SSL routines:SSLV3_ALERT_BAD_CERTIFICATE")),
                Arguments.of(TlsFault.REFUSED, tls("Received fatal alert: handshake_failure")),
                Arguments.of(TlsFault.REFUSED, tls("error:1000: SSL routines:SSLV3_ALERT_HANDSHAKE_FAILURE")),
                Arguments.of(TlsFault.NOT_TLS, tls("Unsupported or unrecognized SSL message")),
                Arguments.of(TlsFault.NOT_TLS, new NotSslRecordException("not an SSL/TLS record")),
                Arguments.of(TlsFault.OTHER, tls("bad record")),
                Arguments.of(TlsFault.CLOSED, new ClosedChannelException()),
                Arguments.of(
                        TlsFault.UNKNOWN_AUTHORITY,
                        within(new CertificateException("PKIX"), new CertPathBuilderException("no path"))),
                Arguments.of(TlsFault.UNKNOWN_AUTHORITY, within(path(PKIXReason.NO_TRUST_ANCHOR))),
                Arguments.of(TlsFault.UNKNOWN_AUTHORITY, within(path(BasicReason.INVALID_SIGNATURE))),
                Arguments.of(TlsFault.OTHER, within(path(BasicReason.ALGORITHM_CONSTRAINED))),
                Arguments.of(TlsFault.OTHER, within(path(PKIXReason.INVALID_NAME))),
                Arguments.of(
                        TlsFault.EXPIRED,
                        within(new CertPathValidatorException("path", new CertificateExpiredException("in March")))),
                Arguments.of(TlsFault.NOT_YET_VALID, within(new CertificateNotYetValidException("in May"))),
                Arguments.of(TlsFault.OTHER_CERTIFICATE, within(new UnknownServer())));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void has_a_fault(TlsFault fault, Throwable failure) {
        assertThat(TlsFailure.of(failure)).map(TlsFailure::fault).contains(fault);
    }

    @Test
    void says_what_the_innermost_cause_says() {
        assertThat(TlsFailure.of(within(new CertificateExpiredException("in March"))))
                .contains(new TlsFailure(TlsFault.EXPIRED, "in March"));
    }

    @Test
    void a_failure_without_tls_has_none() {
        assertThat(TlsFailure.of(new IOException("Connection refused"))).isEmpty();
    }
}
