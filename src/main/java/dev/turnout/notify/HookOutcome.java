package dev.turnout.notify;

import java.time.Duration;
import java.util.Optional;

/** What became of one try to send a message. */
sealed interface HookOutcome {

    /** Returns what happened, in words that follow "it"; they show nothing of the address. */
    String words();

    /** The receiver has taken the message. */
    record Taken() implements HookOutcome {

        @Override
        public String words() {
            return "has taken it";
        }
    }

    /** The receiver has not got the message. */
    sealed interface Failed extends HookOutcome {

        Cause cause();
    }

    /** Why a message was not taken, for programs. */
    enum Cause {
        /** The receiver has answered with another status than 2xx, or has said no in its answer. */
        ANSWER,
        REDIRECT,
        NO_ANSWER,
        UNKNOWN_HOST,
        NOT_TRUSTED,
        UNREACHABLE,
        /** Turnout could not write the message. */
        NOT_WRITTEN
    }

    /**
     * The receiver can't take the message now.
     *
     * @param after how long it asks to wait
     */
    record Later(Cause cause, String words, Optional<Duration> after) implements Failed {}

    /** The receiver will never take the message. */
    record Never(Cause cause, String words) implements Failed {}
}
