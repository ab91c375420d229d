package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;

/** A certificate and its key can't be served. The message is a clause that says why, without a full stop. */
final class UnusablePair extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient TlsText reason;

    UnusablePair(TlsText reason) {
        super(reason.english());
        this.reason = reason;
    }

    /** @param facts names and values by turns */
    UnusablePair(TlsFinding finding, Object... facts) {
        this(TlsText.of(finding, facts));
    }

    TlsText reason() {
        return reason;
    }
}
