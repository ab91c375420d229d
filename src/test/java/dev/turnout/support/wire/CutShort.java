package dev.turnout.support.wire;

import java.io.EOFException;

/** The stream ended before or in the middle of a message. */
public final class CutShort extends EOFException {

    private static final long serialVersionUID = 1;

    CutShort(String where) {
        super(where);
    }
}
