package dev.turnout.acme;

import dev.turnout.acme.AuthorityFailed.Kind;
import dev.turnout.acme.IssuingRight.Held;
import dev.turnout.acme.OpenOrder.Look;
import dev.turnout.acme.OpenOrder.State;
import dev.turnout.config.AcmeChallenge;
import dev.turnout.config.Deadline;
import dev.turnout.config.GrowingPause;
import dev.turnout.tls.KeyPairs;
import java.io.IOException;
import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * One try to get a certificate. {@link #run} shows the order. What is needed to go on after a crash is on disk before the
 * authority acts: the address of the order, and the key.
 */
final class Issuing {

    private static final Logger LOG = Logger.getLogger(Issuing.class);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Authority authority;
    private final AuthorityFolder folder;
    private final CertificatePlan plan;
    private final AcmeChallenge challenge;
    private final Proofs proofs;
    private final boolean checksItself;
    private final Held right;
    private final Deadline deadline = Deadline.after(LONGEST);

    /**
     * @param folder the files of the authority
     * @param challenge how names are proved
     * @param proofs answers such challenges
     * @param checksItself whether an answer is looked at before the authority is asked
     */
    Issuing(
            Authority authority,
            AuthorityFolder folder,
            CertificatePlan plan,
            AcmeChallenge challenge,
            Proofs proofs,
            boolean checksItself,
            Held right) {
        this.authority = authority;
        this.folder = folder;
        this.plan = plan;
        this.challenge = challenge;
        this.proofs = proofs;
        this.checksItself = checksItself;
        this.right = right;
    }

    /** A certificate that was issued, and its key. */
    record Issued(List<X509Certificate> chain, KeyPair keys) {}

    /**
     * Orders the certificate, or goes on with an order that has begun.
     *
     * @param begun the order that has begun, if there is one
     * @param replaces the certificate in force, if the authority has issued it
     */
    Issued run(Optional<URI> begun, Optional<X509Certificate> replaces)
            throws AuthorityFailed, IOException, InterruptedException {
        Optional<OpenOrder> earlier = resume(begun);
        OpenOrder order = earlier.isPresent() ? earlier.get() : begin(replaces);
        KeyPair keys = earlier.isPresent() ? folder.nextKey(plan).orElseThrow() : folder.makeNextKey(plan);
        State state = order.look().state();
        if (state == State.PENDING) {
            prove(order);
            state = await(order, State.READY);
        }
        if (state == State.READY) {
            requireRight();
            order.finish(keys);
        }
        await(order, State.VALID);
        List<X509Certificate> chain = order.certificate();
        requireFit(chain, keys);
        requireRight();
        return new Issued(chain, keys);
    }

    /** Returns the order that has begun, if it can still lead to a certificate for a key that is there. */
    private Optional<OpenOrder> resume(Optional<URI> begun) throws AuthorityFailed, IOException {
        if (begun.isEmpty() || folder.nextKey(plan).isEmpty()) {
            return Optional.empty();
        }
        try {
            OpenOrder order = authority.resume(begun.get());
            return order.look().state() == State.INVALID ? Optional.empty() : Optional.of(order);
        } catch (AuthorityFailed e) {
            if (e.kind() == Kind.UNREACHABLE || e.kind() == Kind.RATE_LIMITED) {
                throw e;
            }
            LOG.debugf("The order %s is gone: %s", begun.get(), e.words());
            return Optional.empty();
        }
    }

    private OpenOrder begin(Optional<X509Certificate> replaces)
            throws AuthorityFailed, IOException, InterruptedException {
        if (checksItself) {
            for (String name : plan.names()) {
                checkItself(Proof.trial(name));
            }
        }
        OpenOrder order;
        try {
            order = authority.order(plan.names(), replaces);
        } catch (AuthorityFailed e) {
            if (e.kind() != Kind.ALREADY_REPLACED) {
                throw e;
            }
            // An order that ended without our notice has replaced the certificate. The next order replaces nothing.
            order = authority.order(plan.names(), Optional.empty());
        }
        folder.save(plan, folder.record(plan).begun(order.location(), right.fence()));
        return order;
    }

    /** Answers a challenge to itself, so that a mistake costs no order and no failure at the authority. */
    private void checkItself(Proof trial) throws AuthorityFailed, InterruptedException {
        proofs.offer(trial);
        try {
            proofs.settle();
            proofs.check(trial);
        } finally {
            proofs.withdraw(trial);
        }
    }

    private void prove(OpenOrder order) throws AuthorityFailed, InterruptedException {
        List<Proof> offered = new ArrayList<>();
        try {
            List<OpenChallenge> challenges = order.challenges(challenge);
            for (OpenChallenge each : challenges) {
                offered.add(each.proof());
                proofs.offer(each.proof());
            }
            proofs.settle();
            requireRight();
            for (OpenChallenge each : challenges) {
                each.begin();
            }
            await(order, State.READY);
        } catch (InterruptedException e) {
            // The answers stay for the process that goes on with the order.
            throw e;
        } catch (AuthorityFailed e) {
            withdraw(offered);
            throw e;
        }
        withdraw(offered);
    }

    private void withdraw(List<Proof> offered) throws InterruptedException {
        for (Proof proof : offered) {
            proofs.withdraw(proof);
        }
    }

    /** Blocks until the order has come as far as this, or further. */
    private State await(OpenOrder order, State wanted) throws AuthorityFailed, InterruptedException {
        GrowingPause pauses = new GrowingPause(FIRST_PAUSE, LONGEST_PAUSE);
        while (true) {
            Look look = order.look();
            if (look.state() == State.INVALID) {
                throw order.failure();
            }
            if (look.state() == State.VALID || look.state() == wanted) {
                return look.state();
            }
            if (deadline.isOver()) {
                throw new AuthorityFailed(
                        Kind.UNREACHABLE,
                        "The authority has not decided within " + LONGEST.toMinutes() + " minutes; the order is "
                                + look.state() + ".");
            }
            Thread.sleep(Math.min(pauses.next(look.again()).toMillis(), deadline.leftMillis() + 1));
        }
    }

    private void requireRight() throws AuthorityFailed {
        if (!right.isStillOurs()) {
            throw new AuthorityFailed(
                    Kind.NOT_READY,
                    right.isTaken()
                            ? "Another process has taken the right to order, since this one was too slow."
                            : "The right to order has expired, since it could not be renewed.");
        }
    }

    private void requireFit(List<X509Certificate> chain, KeyPair keys) throws AuthorityFailed {
        X509Certificate certificate = chain.get(0);
        if (!KeyPairs.fit(keys.getPrivate(), certificate.getPublicKey()) || !plan.isCoveredBy(certificate)) {
            throw new AuthorityFailed(
                    Kind.REFUSED, "The authority has issued a certificate for another key or for other names.");
        }
    }
}
