package dev.turnout.acme;

import dev.turnout.acme.AcmeStatus.State;
import dev.turnout.acme.AuthorityFailed.Kind;
import dev.turnout.acme.Issuing.Issued;
import dev.turnout.acme.IssuingRight.Held;
import dev.turnout.config.AcmeDirectory;
import dev.turnout.config.Durations;
import dev.turnout.tls.CertificateChain;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The decision when which certificate is ordered from whom. {@link #run} looks at every certificate once, does what is due,
 * and says when to look again. Time comes from a clock alone. For one thread.
 *
 * <p>A certificate with time left is never ordered again: not at a restart, and not by two processes. What has failed
 * waits longer each time, and a limit of an authority is kept over restarts.
 */
final class Renewals {

    private static final Logger LOG = Logger.getLogger("dev.turnout.acme");
    /** The time between two looks at the most. */
    static final Duration LONGEST_SLEEP = Duration.ofHours(1);

    private static final Duration WHILE_ELSEWHERE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_ORDERS = Duration.ofHours(1);
    /** The rest after a fault of Turnout or its disk. */
    static final Duration AFTER_FAULT = Duration.ofMinutes(5);

    private static final Duration UNTIL_FALLBACK = Duration.ofHours(24);
    private static final Duration TELL_EVERY = Duration.ofDays(1);

    private final AcmeSettings settings;
    private final Authorities authorities;
    private final Proofs proofs;
    private final IssuingRight right;
    private final FolderChanges changes;
    private final OrderListener listener;
    private final Clock clock;
    private final RandomGenerator random;
    private final Map<AcmeDirectory, Authority> known = new HashMap<>();
    private final Map<CertificatePlan, AcmeStatus> states = new LinkedHashMap<>();
    private volatile boolean isEnded;

    /**
     * @param changes told of each change of the files
     * @param listener hears of the ends of orders
     */
    Renewals(
            AcmeSettings settings,
            Authorities authorities,
            Proofs proofs,
            IssuingRight right,
            FolderChanges changes,
            OrderListener listener,
            Clock clock,
            RandomGenerator random) {
        this.settings = settings;
        this.authorities = authorities;
        this.proofs = proofs;
        this.right = right;
        this.changes = changes;
        this.listener = listener;
        this.clock = clock;
        this.random = random;
    }

    /** A certificate in force, and the authority that has issued it. */
    private record InForce(AcmeDirectory directory, CertificateChain pair) {}

    /** Returns what is known of each certificate, in the order of the configuration. Any thread. */
    List<AcmeStatus> status() {
        synchronized (states) {
            return List.copyOf(states.values());
        }
    }

    /**
     * Orders what is due. Blocks as long as that takes.
     *
     * @param plans the certificates that there should be
     * @return when to look again
     */
    Instant run(List<CertificatePlan> plans) throws InterruptedException {
        synchronized (states) {
            states.keySet().retainAll(plans);
        }
        Instant next = clock.instant().plus(LONGEST_SLEEP);
        for (CertificatePlan plan : plans) {
            if (isEnded) {
                break;
            }
            Instant look = look(plan);
            next = look.isBefore(next) ? look : next;
        }
        return next;
    }

    /** Has {@link #run} order nothing more: other settings hold from now on. Any thread. */
    void end() {
        isEnded = true;
    }

    private Instant look(CertificatePlan plan) throws InterruptedException {
        try {
            remind(plan);
            Instant due = due(plan);
            if (due.isAfter(clock.instant())) {
                return due;
            }
            Optional<Held> held = right.take();
            if (held.isEmpty()) {
                tell(plan, State.ELSEWHERE, record(folder(settings.directory()), plan), Optional.empty());
                return clock.instant().plus(WHILE_ELSEWHERE);
            }
            try (Held mine = held.get()) {
                folder(settings.directory()).recover(plan);
                // Looked at again: another process may have ordered before this one got the right.
                Instant dueNow = due(plan);
                return dueNow.isAfter(clock.instant()) ? dueNow : order(plan, mine);
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.errorf("The certificate for %s can't be looked after: %s", plan, e);
            return clock.instant().plus(AFTER_FAULT);
        }
    }

    /** Returns when something is to be done for a certificate. */
    private Instant due(CertificatePlan plan) throws IOException {
        Instant now = clock.instant();
        OrderRecord record = released(plan, record(folder(settings.directory()), plan));
        Optional<InForce> inForce = inForce(plan);
        if (inForce.isPresent() && record.suggestion().isToBeAsked(now)) {
            return now;
        }
        Instant renewal = inForce.map(current -> record.suggestion().renewalOf(current.pair()))
                .orElse(now);
        Instant earliest =
                record.failures().notBefore().filter(renewal::isBefore).orElse(renewal);
        State state = record.failures().count() > 0 ? State.FAILING : State.ISSUED;
        tell(plan, state, record, Optional.of(earliest));
        Optional<Instant> question =
                inForce.flatMap(current -> record.suggestion().askAgain());
        return question.filter(at -> at.isBefore(earliest)).orElse(earliest);
    }

    /** Returns the record without the wait between two orders, if the last order was for other names. */
    private OrderRecord released(CertificatePlan plan, OrderRecord record) throws IOException {
        return folder(settings.directory()).isForOtherNames(plan)
                ? record.told(record.failures().released())
                : record;
    }

    /** Returns the certificate that is valid for the longest time, of those that can be used. */
    private Optional<InForce> inForce(CertificatePlan plan) throws IOException {
        Optional<InForce> best = Optional.empty();
        for (AcmeDirectory directory : Stream.concat(Stream.of(settings.directory()), settings.fallback().stream())
                .toList()) {
            Optional<InForce> found = folder(directory).pair(plan).map(pair -> new InForce(directory, pair));
            best = Stream.concat(best.stream(), found.stream())
                    .max(Comparator.comparing(current -> current.pair().notAfter()));
        }
        return best;
    }

    private OrderRecord record(AuthorityFolder folder, CertificatePlan plan) throws IOException {
        return folder.record(plan).asOf(clock.instant());
    }

    private AuthorityFolder folder(AcmeDirectory directory) {
        return new AuthorityFolder(settings.root().resolve(directory.name()), changes);
    }

    private Authority authority(AcmeDirectory directory) throws AuthorityFailed, IOException {
        Authority authority = known.get(directory);
        if (authority == null) {
            authority = authorities.at(directory, folder(directory).accountKey());
            known.put(directory, authority);
        }
        return authority;
    }

    // --- One certificate -------------------------------------------------------------------------------------------

    private Instant order(CertificatePlan plan, Held mine) throws IOException, InterruptedException {
        Optional<InForce> inForce = inForce(plan);
        OrderRecord record = released(plan, suggested(plan, inForce));
        Instant now = clock.instant();
        boolean isTooEarly = inForce.isPresent()
                && record.suggestion().renewalOf(inForce.get().pair()).isAfter(now);
        if (isTooEarly || record.failures().areHolding(now)) {
            return due(plan);
        }
        AcmeDirectory directory = directory(record.failures());
        boolean isRehearsal = settings.staging().filter(directory::equals).isPresent();
        tell(plan, State.ORDERING, record, Optional.empty());
        try {
            Issuing issuing = new Issuing(
                    authority(directory),
                    folder(directory),
                    plan,
                    settings.challenge(),
                    proofs,
                    settings.checksItself(),
                    mine);
            Optional<X509Certificate> replaces = inForce.filter(
                            current -> current.directory().equals(directory))
                    .map(current -> current.pair().certificate());
            Issued result = issuing.run(record(folder(directory), plan).order(), replaces);
            succeeded(plan, directory, isRehearsal, result);
        } catch (AuthorityFailed e) {
            known.remove(directory);
            failed(plan, e, isRehearsal, inForce);
        }
        return due(plan);
    }

    /** Asks the authority when the certificate in force is to be renewed, if that is due. */
    private OrderRecord suggested(CertificatePlan plan, Optional<InForce> inForce) throws IOException {
        AuthorityFolder folder = folder(settings.directory());
        OrderRecord record = record(folder, plan);
        Instant now = clock.instant();
        if (inForce.isEmpty() || !record.suggestion().isToBeAsked(now)) {
            return record;
        }
        CertificateChain pair = inForce.get().pair();
        Optional<RenewalWindow> window = Optional.empty();
        try {
            window = authority(inForce.get().directory()).renewalWindow(pair.certificate());
        } catch (AuthorityFailed e) {
            LOG.debugf("No suggestion for the renewal of %s: %s", plan, e.words());
            window = record.suggestion().window();
        }
        OrderRecord next = record.with(record.suggestion().answered(window, pair, now, random));
        folder.save(plan, next);
        return next;
    }

    private AcmeDirectory directory(FailedTries failures) {
        if (settings.fallback().isPresent() && failures.haveLasted(UNTIL_FALLBACK, clock.instant())) {
            return settings.fallback().get();
        }
        return failures.isStagingNext() ? settings.staging().orElse(settings.directory()) : settings.directory();
    }

    private void succeeded(CertificatePlan plan, AcmeDirectory directory, boolean isRehearsal, Issued result)
            throws IOException {
        AuthorityFolder first = folder(settings.directory());
        if (isRehearsal) {
            LOG.infof("The order for %s went well at the staging directory: it is made in earnest now.", plan);
            folder(directory).drop(plan);
            OrderRecord record = record(first, plan);
            first.save(plan, record.with(record.failures().rehearsed()));
            return;
        }
        folder(directory).put(plan, result.chain(), result.keys().getPrivate());
        if (!directory.equals(settings.directory())) {
            folder(directory).drop(plan);
        }
        first.save(plan, record(first, plan).issued(hold(new CertificateChain(result.chain()))));
        listener.issued();
        LOG.infof(
                "%s has issued the certificate for %s. It is valid until %s.",
                directory.name(), plan, result.chain().get(0).getNotAfter().toInstant());
    }

    /**
     * Returns the earliest next order after a success. A wrong clock here, or a window in the past from the authority,
     * would order one certificate after another.
     */
    private Instant hold(CertificateChain pair) {
        Instant now = clock.instant();
        if (Suggestion.NONE.renewalOf(pair).isAfter(now)) {
            Duration part = pair.lifetime().dividedBy(3);
            return now.plus(Durations.shorter(part, BETWEEN_ORDERS));
        }
        LOG.warnf(
                "A certificate that was issued just now is valid from %s to %s, and this machine's clock says %s."
                        + " Correct the clock. No certificate is ordered for an hour.",
                pair.notBefore(), pair.notAfter(), now);
        return now.plus(BETWEEN_ORDERS);
    }

    private void failed(CertificatePlan plan, AuthorityFailed failure, boolean isRehearsal, Optional<InForce> inForce)
            throws IOException {
        AuthorityFolder folder = folder(settings.directory());
        OrderRecord record = record(folder, plan);
        Instant now = clock.instant();
        FailedTries before = record.failures();
        FailedTries failures =
                before.plus(now, failure, isRehearsal, settings.staging().isPresent());
        if (!before.words().equals(failures.words())) {
            warn(plan, failures, inForce);
            failures = failures.told(now);
        }
        // An order whose end is not known is gone on with; a refused order is over.
        boolean isOpen = failure.kind() == Kind.UNREACHABLE
                || failure.kind() == Kind.NOT_READY
                || failure.kind() == Kind.RATE_LIMITED;
        folder.save(plan, isOpen ? record.told(failures) : record.with(failures));
    }

    /** Writes a line to the log each day as long as tries fail: a renewal that fails unseen ends in an outage. */
    private void remind(CertificatePlan plan) throws IOException {
        AuthorityFolder folder = folder(settings.directory());
        OrderRecord record = record(folder, plan);
        Instant now = clock.instant();
        boolean isTold = record.failures()
                .told()
                .filter(at -> now.isBefore(at.plus(TELL_EVERY)))
                .isPresent();
        if (record.failures().count() > 0 && !isTold) {
            warn(plan, record.failures(), inForce(plan));
            folder.save(plan, record.told(record.failures().told(now)));
        } else if (record.failures().count() > 0 && isFirstLook(plan)) {
            record.failures().told().ifPresent(told -> listener.failing(plan.names(), told));
        }
    }

    private boolean isFirstLook(CertificatePlan plan) {
        synchronized (states) {
            return !states.containsKey(plan);
        }
    }

    private void warn(CertificatePlan plan, FailedTries failures, Optional<InForce> inForce) {
        LOG.warnf(
                "No new certificate for %s, %s since %s: %s %s The next try is at %s.",
                plan,
                failures.count() == 1 ? "one failure" : failures.count() + " failures",
                failures.since().map(Instant::toString).orElse("now"),
                failures.words().orElse(""),
                inForce.map(current -> "The certificate in force is valid until "
                                + current.pair().notAfter() + ".")
                        .orElse("There is no certificate in force."),
                failures.notBefore().map(Instant::toString).orElse("once"));
        failures.lastError().ifPresent(reason -> listener.failed(plan.names(), reason));
    }

    private void tell(CertificatePlan plan, State state, OrderRecord record, Optional<Instant> nextTry)
            throws IOException {
        AcmeStatus status = new AcmeStatus(
                plan.names(),
                state,
                directory(record.failures()).name(),
                inForce(plan).map(current -> current.pair().notAfter()),
                nextTry,
                record.failures().count(),
                record.failures().since(),
                record.failures().lastError());
        synchronized (states) {
            states.put(plan, status);
        }
    }
}
