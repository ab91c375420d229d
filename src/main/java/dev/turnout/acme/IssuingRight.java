package dev.turnout.acme;

import java.util.Optional;

/** The right to order certificates, which one process has at a time. */
interface IssuingRight {

    /** Takes the right; empty if another process has it. */
    Optional<Held> take();

    /** The right while this process has it. Closing gives it back. */
    interface Held extends AutoCloseable {

        /** Returns the number of this right. A later right has a higher number. */
        long fence();

        /** Returns true if no other process can have taken the right meanwhile. */
        boolean isStillOurs();

        /** Returns true if another process is known to have taken the right. */
        boolean isTaken();

        @Override
        void close();
    }
}
