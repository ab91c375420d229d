package dev.turnout.acme;

import dev.turnout.text.TlsText;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one certificate that Turnout orders itself.
 *
 * @param names what the certificate is for
 * @param state where its order stands
 * @param authority the name of the authority that the next try goes to
 * @param notAfter the end of the certificate in force; empty if there is none
 * @param nextTry when the authority is asked the next time; empty while it is asked
 * @param failures how many tries have failed since the last success
 * @param failingSince the first of them
 * @param lastError the last failure, in the words of the authority if the authority has refused
 */
public record AcmeStatus(
        List<String> names,
        State state,
        String authority,
        Optional<Instant> notAfter,
        Optional<Instant> nextTry,
        int failures,
        Optional<Instant> failingSince,
        Optional<TlsText> lastError) {

    public AcmeStatus {
        names = List.copyOf(names);
    }

    /** Where an order stands. */
    public enum State {
        /** A certificate is in force, and it is not time to renew it. */
        ISSUED,
        /** The authority is asked now. */
        ORDERING,
        /** Another process that uses the same folder orders. */
        ELSEWHERE,
        /** The last try has failed, and the next one waits. */
        FAILING
    }
}
