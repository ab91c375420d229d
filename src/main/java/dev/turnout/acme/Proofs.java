package dev.turnout.acme;

/** A way to answer challenges. Blocks. */
interface Proofs {

    /**
     * Puts an answer in place.
     *
     * @throws AuthorityFailed if that is not possible
     */
    void offer(Proof proof) throws AuthorityFailed, InterruptedException;

    /** Waits until answers that are in place can be seen everywhere. */
    default void settle() throws InterruptedException {}

    /**
     * Looks at the answer as the authority will do.
     *
     * @throws AuthorityFailed if the authority could not see the answer
     */
    void check(Proof proof) throws AuthorityFailed, InterruptedException;

    /** Takes an answer away. */
    void withdraw(Proof proof) throws InterruptedException;
}
