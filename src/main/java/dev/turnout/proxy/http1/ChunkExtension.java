package dev.turnout.proxy.http1;

/**
 * The extensions of one chunk (RFC 9112, section 7.1.1), read octet by octet and without the bad white space that the
 * grammar allows.
 *
 * <p>Quotes have to be closed: to some recipients a line end in an open quote does not end the line, and what follows
 * it would be a chunk to one side and a part of the extension to the other.
 */
final class ChunkExtension {

    private static final int MOST = 256;

    private enum State {
        NAME_START,
        NAME,
        VALUE_START,
        TOKEN,
        QUOTED,
        ESCAPED,
        QUOTED_END,
        BROKEN
    }

    private State state = State.NAME_START;
    private int length;

    /** Told of the semicolon behind a chunk's size. */
    void begin() {
        state = State.NAME_START;
        length = 0;
    }

    /**
     * Takes an octet that is no CR.
     *
     * @return whether the extensions are still legal
     */
    boolean accept(byte b) {
        state = ++length <= MOST ? next(b) : State.BROKEN;
        return state != State.BROKEN;
    }

    private State next(byte b) {
        return switch (state) {
            case NAME_START -> Octets.isToken(b) ? State.NAME : State.BROKEN;
            case NAME -> b == '=' ? State.VALUE_START : tokenOrSemicolon(b);
            case VALUE_START -> b == '"' ? State.QUOTED : Octets.isToken(b) ? State.TOKEN : State.BROKEN;
            case TOKEN -> tokenOrSemicolon(b);
            case QUOTED -> b == '"' ? State.QUOTED_END : b == '\\' ? State.ESCAPED : quoted(b);
            case ESCAPED -> quoted(b);
            case QUOTED_END -> b == ';' ? State.NAME_START : State.BROKEN;
            case BROKEN -> State.BROKEN;
        };
    }

    private State tokenOrSemicolon(byte b) {
        return Octets.isToken(b) ? state : b == ';' ? State.NAME_START : State.BROKEN;
    }

    private static State quoted(byte b) {
        return Octets.isText(b) ? State.QUOTED : State.BROKEN;
    }

    /** Returns true if the line may end here. */
    boolean isWhole() {
        return state == State.NAME || state == State.TOKEN || state == State.QUOTED_END;
    }
}
