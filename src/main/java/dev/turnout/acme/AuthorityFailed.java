package dev.turnout.acme;

import dev.turnout.routing.VisibleText;
import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The failure of a try to get a certificate. */
final class AuthorityFailed extends Exception {

    private static final long serialVersionUID = 1L;

    /** What has failed. */
    enum Kind {
        /** The authority does not answer, or answers with something that is no ACME. */
        UNREACHABLE,
        /** The authority has set a limit on what it is asked. */
        RATE_LIMITED,
        /** The authority has looked, and has not seen the proof that a name is ours. */
        PROOF_REFUSED,
        /** The certificate that an order was to replace has been replaced by another order (RFC 9773, section 5). */
        ALREADY_REPLACED,
        /** The authority refuses the order. */
        REFUSED,
        /** Turnout itself could not see the proof. The authority was not asked. */
        NOT_READY
    }

    private final Kind kind;
    private final transient Optional<Instant> retryAfter;

    AuthorityFailed(Kind kind, String words) {
        this(kind, words, Optional.empty(), null);
    }

    AuthorityFailed(Kind kind, String words, Throwable cause) {
        this(kind, words, Optional.empty(), cause);
    }

    private AuthorityFailed(Kind kind, String words, Optional<Instant> retryAfter, @Nullable Throwable cause) {
        super(words, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** Returns the failure of a limit that ends at a known moment, if the authority says so. */
    static AuthorityFailed atLimit(String words, Optional<Instant> retryAfter) {
        return new AuthorityFailed(Kind.RATE_LIMITED, words, retryAfter, null);
    }

    Kind kind() {
        return kind;
    }

    /** Returns when the authority may be asked again, as it says. */
    Optional<Instant> retryAfter() {
        return retryAfter;
    }

    /** Returns what has failed: one sentence or more, in the words of the authority if they are known. */
    String words() {
        return String.valueOf(getMessage());
    }

    /** Returns what has failed, with what that means in Korean: the words of an authority are its own. */
    static TlsText told(Kind kind, String words) {
        TlsFinding meaning =
                switch (kind) {
                    case UNREACHABLE -> TlsFinding.AUTHORITY_UNREACHABLE;
                    case RATE_LIMITED -> TlsFinding.AUTHORITY_LIMITS;
                    case PROOF_REFUSED -> TlsFinding.AUTHORITY_SAW_NO_PROOF;
                    case ALREADY_REPLACED, REFUSED -> TlsFinding.AUTHORITY_REFUSES;
                    case NOT_READY -> TlsFinding.ORDER_NOT_READY;
                };
        return TlsText.of(meaning, "words", VisibleText.of(words, VisibleText.LONG));
    }

    /** Returns true if a try at a staging directory can tell whether the next try goes well. */
    boolean isAboutOrder() {
        return kind == Kind.PROOF_REFUSED || kind == Kind.REFUSED;
    }
}
