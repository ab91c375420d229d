package dev.turnout.tls;

/** TLS can't be served as it is configured. The message tells an operator what is wrong, and which key says so. */
public final class TlsRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    TlsRefused(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Returns the message. */
    public String reason() {
        return reason;
    }
}
