package dev.turnout.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A failure of TLS, of either engine and of a socket or a channel.
 *
 * @param detail the message of the exception that shows the fault
 */
public record TlsFailure(TlsFault fault, String detail) {

    /** Causes lie in one another, no deeper than this. */
    private static final int DEEPEST = 12;

    private static final String NOT_TLS = "Unsupported or unrecognized SSL message";

    /** The alerts about a caller's certificate (RFC 8446, section 6.2), in the words of both engines. */
    private static final List<String> ABOUT_CALLER = List.of(
            "certificate required",
            "alert bad certificate",
            "alert unsupported certificate",
            "alert certificate revoked",
            "alert certificate expired",
            "alert certificate unknown",
            "alert unknown ca",
            "alert access denied");

    /** Returns what a failure shows; empty if the failure has nothing to do with TLS. */
    public static Optional<TlsFailure> of(Throwable failure) {
        List<Throwable> causes = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST)
                .toList();
        return causes.stream()
                .flatMap(cause -> certificate(cause).stream())
                // The innermost cause is the nearest: a chain is not believed since one of its certificates has
                // expired.
                .reduce((outer, inner) -> inner)
                .or(() -> causes.stream()
                        .flatMap(cause -> handshake(cause).stream())
                        .findFirst())
                .or(() -> causes.stream()
                        .filter(SSLException.class::isInstance)
                        .findFirst()
                        .map(any -> as(TlsFault.OTHER, failure)));
    }

    private static TlsFailure as(TlsFault fault, Throwable cause) {
        return new TlsFailure(fault, String.valueOf(cause.getMessage()));
    }

    private static Optional<TlsFailure> certificate(Throwable cause) {
        @Nullable TlsFault fault = null;
        if (cause instanceof UnknownServer) {
            fault = TlsFault.OTHER_CERTIFICATE;
        } else if (cause instanceof ServerTrust.OtherName) {
            fault = TlsFault.WRONG_NAME;
        } else if (cause instanceof CertificateExpiredException) {
            fault = TlsFault.EXPIRED;
        } else if (cause instanceof CertificateNotYetValidException) {
            fault = TlsFault.NOT_YET_VALID;
        } else if (cause instanceof CertPathBuilderException) {
            fault = TlsFault.UNKNOWN_AUTHORITY;
        } else if (cause instanceof CertPathValidatorException path) {
            fault = isOfUnknownAuthority(path) ? TlsFault.UNKNOWN_AUTHORITY : TlsFault.OTHER;
        }
        return Optional.ofNullable(fault).map(found -> as(found, cause));
    }

    /** A signature is wrong if an authority has been made anew by its old name. */
    private static boolean isOfUnknownAuthority(CertPathValidatorException path) {
        return path.getReason() == PKIXReason.NO_TRUST_ANCHOR || path.getReason() == BasicReason.INVALID_SIGNATURE;
    }

    private static Optional<TlsFailure> handshake(Throwable cause) {
        @Nullable TlsFault fault = null;
        if (cause instanceof NotSslRecordException) {
            fault = TlsFault.NOT_TLS;
        } else if (cause instanceof SslHandshakeTimeoutException) {
            fault = TlsFault.TOO_SLOW;
        } else if (cause instanceof ClosedChannelException) {
            fault = TlsFault.CLOSED;
        } else if (cause instanceof SSLException && cause.getMessage() != null) {
            fault = ofMessage(cause.getMessage());
        }
        return Optional.ofNullable(fault).map(found -> as(found, cause));
    }

    /** Both engines name the alert of the other side, one in capitals and with underscores. */
    private static @Nullable TlsFault ofMessage(String message) {
        if (message.startsWith(NOT_TLS)) {
            return TlsFault.NOT_TLS;
        }
        String words = message.toLowerCase(Locale.ROOT).replace('_', ' ').replace("alert:", "alert");
        if (ABOUT_CALLER.stream().anyMatch(words::contains)) {
            return TlsFault.CALLER_REFUSED;
        }
        return words.contains("alert") ? TlsFault.REFUSED : null;
    }
}
