package dev.turnout.deployment;

import dev.turnout.text.Language;

/** The end of a deployment that did not succeed: the exit code, and what happened, what holds now, and what to do. */
public final class DeploymentFailed extends Exception {

    /** The new version failed or was refused. */
    static final int FAILED = 1;

    /** Wrong usage, or something needed is missing. */
    static final int USAGE = 2;

    /** Turnout can't be reached or does not answer as expected. */
    static final int NO_TURNOUT = 3;

    /** Another deployment or switch runs, or the routing has changed meanwhile. */
    static final int BUSY = 4;

    /** A process that deployments did not start has the port. */
    static final int PORT_TAKEN = 5;

    /** It is not known which version serves. */
    static final int UNKNOWN = 6;

    /** The old version can't be stopped. */
    static final int NOT_STOPPED = 7;

    private static final long serialVersionUID = 1L;

    private final int code;
    private final String korean;

    DeploymentFailed(int code, String english, String korean) {
        super(english);
        this.code = code;
        this.korean = korean;
    }

    /** Returns the exit code of the command. */
    public int code() {
        return code;
    }

    /** Returns the sentences for the operator. */
    public String text(Language language) {
        return language.of(String.valueOf(getMessage()), korean);
    }
}
