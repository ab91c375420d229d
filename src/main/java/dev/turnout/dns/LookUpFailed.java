package dev.turnout.dns;

/** The failure of a look-up. The message is a clause that says why. */
final class LookUpFailed extends Exception {

    private static final long serialVersionUID = 1L;

    LookUpFailed(String message) {
        super(message);
    }
}
