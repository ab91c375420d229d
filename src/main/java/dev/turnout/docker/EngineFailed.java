package dev.turnout.docker;

/** A call of the container engine has failed. The message is a clause that says why. */
final class EngineFailed extends Exception {

    private static final long serialVersionUID = 1L;

    EngineFailed(String clause) {
        super(clause);
    }

    EngineFailed(String clause, Throwable cause) {
        super(clause, cause);
    }
}
