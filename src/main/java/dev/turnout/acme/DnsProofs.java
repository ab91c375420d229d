package dev.turnout.acme;

import dev.turnout.acme.AuthorityFailed.Kind;
import dev.turnout.config.CommandOutcome;
import dev.turnout.config.CommandRunner;
import dev.turnout.config.CommandWords;
import dev.turnout.config.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jboss.logging.Logger;

/** The answers to DNS-01 (RFC 8555, section 8.4): a program puts them into TXT records. */
final class DnsProofs implements Proofs {

    private static final Logger LOG = Logger.getLogger(DnsProofs.class);
    private static final Duration HOOK_LIMIT = Duration.ofMinutes(2);
    private static final long LOOK_EVERY_MILLIS = 1_000;

    private final CommandWords hook;
    private final CommandRunner runner = new CommandRunner(HOOK_LIMIT);
    private final TxtRecords records;
    private final Duration longestWait;

    /**
     * @param hook is run with {@code set NAME VALUE} and {@code clear NAME VALUE}
     * @param longestWait how long a record is waited for; zero for not at all
     */
    DnsProofs(CommandWords hook, TxtRecords records, Duration longestWait) {
        this.hook = hook;
        this.records = records;
        this.longestWait = longestWait;
    }

    @Override
    public void offer(Proof proof) throws AuthorityFailed, InterruptedException {
        CommandOutcome outcome = run("set", proof);
        if (!outcome.succeeded()) {
            throw new AuthorityFailed(
                    Kind.NOT_READY,
                    outcome.describe() + ". The certificate authority was not asked. Correct turnout.acme.dns-hook.");
        }
        awaitRecord(proof);
    }

    /** Waits until the record can be seen. What this machine does not see the authority may see. */
    private void awaitRecord(Proof proof) throws InterruptedException {
        if (longestWait.isZero()) {
            return;
        }
        Deadline deadline = Deadline.after(longestWait);
        while (!records.of(name(proof)).contains(value(proof))) {
            if (deadline.isOver()) {
                LOG.warnf(
                        "The TXT record %s can't be seen after %d s. The certificate authority is asked nevertheless.",
                        name(proof), longestWait.toSeconds());
                return;
            }
            Thread.sleep(Math.min(LOOK_EVERY_MILLIS, deadline.leftMillis() + 1));
        }
    }

    /** Does nothing: {@link #offer} has waited for the record. */
    @Override
    public void check(Proof proof) {}

    @Override
    public void withdraw(Proof proof) throws InterruptedException {
        CommandOutcome outcome = run("clear", proof);
        if (!outcome.succeeded()) {
            LOG.warnf("The TXT record %s may still be there: %s", name(proof), outcome.describe());
        }
    }

    private CommandOutcome run(String what, Proof proof) throws InterruptedException {
        List<String> words = new ArrayList<>(hook.words());
        words.addAll(List.of(what, name(proof), value(proof)));
        return runner.run(new CommandWords(words));
    }

    private static String name(Proof proof) {
        return "_acme-challenge." + proof.name();
    }

    private static String value(Proof proof) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(proof.digest());
    }
}
