package dev.turnout.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Explanations of why a TLS handshake with a target failed.
 *
 * @param showsCertificate whether Turnout shows targets a certificate of its own
 * @param certKey the name of the key for that certificate
 */
record TargetTlsFailure(boolean showsCertificate, String certKey) {

    /** Causes lie in one another, no deeper than this. */
    private static final int DEEPEST = 12;

    /** Returns a clause that says why; empty if the failure has nothing to do with TLS. */
    Optional<String> explain(Throwable failure) {
        boolean isTls = false;
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            Optional<String> known = known(cause);
            if (known.isPresent()) {
                return known;
            }
            isTls |= cause instanceof SSLException;
            cause = cause.getCause();
        }
        return isTls ? Optional.of("the TLS handshake failed (" + failure.getMessage() + ")") : Optional.empty();
    }

    private Optional<String> known(Throwable cause) {
        if (cause instanceof NotSslRecordException) {
            return Optional.of("the target does not speak TLS");
        }
        if (cause instanceof SslHandshakeTimeoutException) {
            return Optional.of("the TLS handshake took too long");
        }
        if (cause instanceof CertificateExpiredException) {
            return Optional.of("the target's certificate has expired (" + cause.getMessage() + ")");
        }
        if (cause instanceof CertificateNotYetValidException) {
            return Optional.of("the target's certificate is not valid yet (" + cause.getMessage() + ")");
        }
        if (cause instanceof CertPathBuilderException) {
            return Optional.of("the target's certificate is from an unknown authority");
        }
        if (cause instanceof ServerTrust.OtherName) {
            return Optional.of("the target's certificate is for another name (" + cause.getMessage() + ")");
        }
        return alert(cause);
    }

    /** Both engines name the alert of the target, one in capitals and with blanks. */
    private Optional<String> alert(Throwable cause) {
        if (!(cause instanceof SSLException) || cause.getMessage() == null) {
            return cause instanceof ClosedChannelException
                    ? Optional.of("the target closed the connection in the TLS handshake")
                    : Optional.empty();
        }
        String message = cause.getMessage().toLowerCase(Locale.ROOT).replace('_', ' ');
        if (message.contains("certificate required")) {
            return Optional.of(
                    showsCertificate
                            ? "the target does not take the certificate of " + certKey
                            : "the target wants a client certificate, and " + certKey + " is not set");
        }
        return message.contains("alert")
                ? Optional.of("the target refused the TLS handshake (" + cause.getMessage() + ")")
                : Optional.empty();
    }
}
