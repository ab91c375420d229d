package dev.turnout.acme;

/** Proofs that nobody looks at. */
final class UnseenProofs implements Proofs {

    @Override
    public void offer(Proof proof) {}

    @Override
    public void check(Proof proof) {}

    @Override
    public void withdraw(Proof proof) {}
}
