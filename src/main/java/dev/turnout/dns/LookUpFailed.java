package dev.turnout.dns;

/** The failure of a look-up. The message is a clause that says why. */
final class LookUpFailed extends Exception {

    private static final long serialVersionUID = 1L;

    LookUpFailed(String message) {
        super(message);
    }

    /** @param code of an answer that is an error, of RFC 1035, section 4.1.1 */
    static LookUpFailed withError(int code) {
        return new LookUpFailed("the name server answers with the error " + code);
    }
}
