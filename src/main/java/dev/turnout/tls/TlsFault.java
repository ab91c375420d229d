package dev.turnout.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Why a caller and a server do not come to speak TLS with each other. */
public enum TlsFault {
    /** No authority that the caller believes has issued the server's certificate. */
    UNKNOWN_AUTHORITY,
    /** The server's certificate is none of the known ones. */
    OTHER_CERTIFICATE,
    /** The server's certificate is for other names. */
    WRONG_NAME,
    /** The server's certificate has expired, or is not valid yet. */
    WRONG_DATES,
    /** The server does not speak TLS. */
    NOT_TLS,
    /** The server does not take the caller's certificate, or misses one. Nothing was done. */
    CALLER_REFUSED,
    /** Something else; the exception says what. */
    OTHER;

    private static final String ALERT = "Received fatal alert: ";

    /** The alerts about a caller's certificate (RFC 8446, section 6.2). */
    private static final Set<String> ABOUT_CALLER = Set.of(
            "certificate_required",
            "bad_certificate",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "unknown_ca",
            "access_denied");

    /** Returns the fault of a failure of Java's engine. */
    public static TlsFault of(SSLException failure) {
        String message = String.valueOf(failure.getMessage());
        int alert = message.indexOf(ALERT);
        if (alert >= 0) {
            return ABOUT_CALLER.contains(message.substring(alert + ALERT.length())) ? CALLER_REFUSED : OTHER;
        }
        if (message.startsWith("Unsupported or unrecognized SSL message")) {
            return NOT_TLS;
        }
        return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
                .map(TlsFault::ofCause)
                .reduce(OTHER, (outer, inner) -> inner == OTHER ? outer : inner);
    }

    private static TlsFault ofCause(Throwable cause) {
        if (cause instanceof UnknownServer) {
            return OTHER_CERTIFICATE;
        }
        if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
            return WRONG_DATES;
        }
        if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
            return UNKNOWN_AUTHORITY;
        }
        return cause instanceof ServerTrust.OtherName ? WRONG_NAME : OTHER;
    }
}
