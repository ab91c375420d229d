package dev.turnout.client;

/** The running Turnout can't be found, since what was said about its place is wrong. */
public final class LocationRefused extends Exception {

    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Fault {
        /** The address is no URL of an admin server. */
        ADDRESS,
        /** The file of the token can't be read. */
        TOKEN_FILE,
        /** The token has characters that no token has. */
        TOKEN,
        /** A file of the caller's TLS can't be used; the value is the clause about it. */
        TLS_FILE,
        /** The configured certificate of the admin server can't be read; the value is the clause about it. */
        CERTIFICATE,
        /** The configuration has a wrong value; the value is the sentence about it. */
        CONFIGURATION
    }

    private final Fault fault;

    /** @param value what was given, as visible text */
    LocationRefused(Fault fault, String value) {
        super(value);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }

    /** Returns what was given. */
    public String value() {
        return String.valueOf(getMessage());
    }
}
