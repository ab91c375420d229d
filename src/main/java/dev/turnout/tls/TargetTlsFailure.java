package dev.turnout.tls;

import java.util.Optional;

/**
 * Explanations of why a TLS handshake with a target failed.
 *
 * @param showsCertificate whether Turnout shows targets a certificate of its own
 * @param certKey the name of the key for that certificate
 */
record TargetTlsFailure(boolean showsCertificate, String certKey) {

    /** Returns a clause that says why; empty if the failure has nothing to do with TLS. */
    Optional<String> explain(Throwable failure) {
        return TlsFailure.of(failure).map(this::words);
    }

    private String words(TlsFailure failure) {
        String detail = " (" + failure.detail() + ")";
        return switch (failure.fault()) {
            case NOT_TLS -> "the target does not speak TLS";
            case TOO_SLOW -> "the TLS handshake took too long";
            case EXPIRED -> "the target's certificate has expired" + detail;
            case NOT_YET_VALID -> "the target's certificate is not valid yet" + detail;
            case UNKNOWN_AUTHORITY, OTHER_CERTIFICATE -> "the target's certificate is from an unknown authority";
            case WRONG_NAME -> "the target's certificate is for another name" + detail;
            case CALLER_REFUSED ->
                showsCertificate
                        ? "the target does not take the certificate of " + certKey
                        : "the target wants a client certificate, and " + certKey + " is not set";
            case REFUSED -> "the target refused the TLS handshake" + detail;
            case CLOSED -> "the target closed the connection in the TLS handshake";
            case OTHER -> "the TLS handshake failed" + detail;
        };
    }
}
