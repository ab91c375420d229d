package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import java.io.IOException;

/** A file or a folder is not read, since its kind or its size is not what certificates have. */
final class FileRefused extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient TlsText reason;

    /** @param facts names and values by turns */
    FileRefused(TlsFinding finding, Object... facts) {
        this(TlsText.of(finding, facts));
    }

    private FileRefused(TlsText reason) {
        super(reason.english());
        this.reason = reason;
    }

    /** Returns a clause without a full stop. */
    TlsText reason() {
        return reason;
    }
}
