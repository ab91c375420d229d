package dev.turnout.tls;

import dev.turnout.text.TlsText;

/** TLS can't be served as it is configured. The message tells an operator what is wrong, and which key says so. */
public final class TlsRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient TlsText text;

    TlsRefused(TlsText text) {
        super(text.english());
        this.text = text;
    }

    /** Returns the message in both languages. */
    public TlsText text() {
        return text;
    }

    /** Returns the message in English, the language of logs. */
    public String reason() {
        return text.english();
    }
}
