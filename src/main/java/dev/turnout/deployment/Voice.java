package dev.turnout.deployment;

/** What a deployment tells the operator while it runs, in two languages. Any thread. */
public interface Voice {

    /** Prints a line. */
    void say(String english, String korean);

    /** Shows what is waited for: in place on a terminal, and seldom elsewhere. */
    void waiting(String english, String korean);

    /** Asks a question. No answer is no, and so is an interruption. Blocks. */
    boolean agrees(String english, String korean);

    /** Shows the progress of a service's change, until the result is closed. */
    Following follow(String service);

    /** The end of what {@link #follow} began. */
    interface Following {

        void close();
    }
}
