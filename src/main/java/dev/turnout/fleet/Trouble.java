package dev.turnout.fleet;

import java.util.Locale;

/**
 * Why changes are refused.
 *
 * @param text one sentence or more, for operators
 * @param korean what the text says, in Korean; without messages of programs, which are English
 */
record Trouble(Kind kind, String text, String korean) {

    /** Operators are told again only when the kind is another one. */
    enum Kind {
        /** Nothing was read since the start. */
        UNREAD,
        /** etcd does not answer, or refuses. */
        UNREACHABLE,
        /** What etcd has is not understood. */
        UNREADABLE,
        /** etcd is not believed. */
        DISBELIEVED,
        /** This member is bound by a vote, and does not learn the decision. */
        IN_DOUBT;

        /** Returns what programs know it by. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
