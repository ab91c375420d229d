package dev.turnout.tls;

import dev.turnout.config.DaemonThread;
import dev.turnout.text.TlsFinding;
import dev.turnout.tls.TableBuilder.Candidate;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of this process: {@link #look} shows the order. A look every ten seconds, or whenever it is asked for,
 * reads all sources and swaps one snapshot. Content that can't be served leaves what is served as it is.
 *
 * <p>Handshakes only read the snapshot. A method takes one lock, and may block for as long as files are read, unless it
 * says otherwise.
 */
public final class Certificates implements HandshakeChoices, AlpnChallenges, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Certificates.class);

    /** How often the sources are looked at. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final Clock clock;
    private final WatchedPairs watched = new WatchedPairs();
    private final StandIns standIns = new StandIns();
    private final AlpnAnswers challenges = new AlpnAnswers();
    private final CertificateLooks looks = new CertificateLooks();
    private final ClientAuthPolicies policies = new ClientAuthPolicies();
    private final ScheduledExecutorService watcher =
            Executors.newSingleThreadScheduledExecutor(task -> DaemonThread.of("turnout-certificates", task));
    private CertificateSettings settings;
    private @Nullable Parts parts;
    private @Nullable Future<?> watching;

    private volatile HandshakeTable table = HandshakeTable.EMPTY;

    /** What exists from the opening on. */
    private record Parts(TlsEngine engine, TicketKeys tickets, ServerContexts server, ContextCache contexts) {}

    /** @param settings nothing is read before {@link #open} */
    public Certificates(CertificateSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Loads the engine and all certificates, and begins to watch them.
     *
     * @throws TlsRefused if the engine or a configured certificate can't be used, or there is no certificate at all
     */
    public synchronized void open() {
        TlsEngine engine = TlsEngine.of(settings.engine());
        TicketKeys tickets = new TicketKeys(settings.tickets(), clock);
        tickets.look();
        ServerContexts server = new ServerContexts(engine, tickets, settings.http2());
        parts = new Parts(engine, tickets, server, new ContextCache(server, System::nanoTime));
        lookOrRefuse();
        if (watching == null) {
            watching = watcher.scheduleWithFixedDelay(
                    this::watch, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Tells nobody of a look that refuses the opening: nothing is looked at again then. */
    private void lookOrRefuse() {
        Instant now = clock.instant();
        CertificateReload found = look(now);
        StartRefusals.of(settings, watched.all(), found.problems()).stream()
                .findFirst()
                .ifPresent(reason -> {
                    throw new TlsRefused(reason);
                });
        looks.add(found, entriesNow(), now);
    }

    /**
     * Replaces the settings, and loads what a port for HTTPS needs that is about to be opened. Blocks for as long as
     * {@link #open} and {@link #warmUp}.
     *
     * @return has what was served before served again, if the port is not opened after all
     * @throws TlsRefused as {@link #open}; what was served before is served again then
     */
    public synchronized Runnable openFor(CertificateSettings next) {
        CertificateSettings before = settings;
        boolean wasOpen = parts != null;
        settings = next;
        try {
            if (wasOpen) {
                lookOrRefuse();
            } else {
                open();
            }
            warmUp();
        } catch (TlsRefused e) {
            restore(before, wasOpen);
            throw e;
        }
        return () -> restore(before, wasOpen);
    }

    private synchronized void restore(CertificateSettings before, boolean wasOpen) {
        LOG.info("The port for HTTPS was not opened: no certificate is served there.");
        settings = before;
        if (wasOpen) {
            lookAndTell();
        } else if (parts != null) {
            parts.contexts().close();
            parts = null;
            watched.clear();
            standIns.clear();
            table = HandshakeTable.EMPTY;
            looks.clear();
        }
    }

    /** Has the engine of Java make handshakes with itself. BoringSSL needs none. Blocks for three seconds at most. */
    public synchronized void warmUp() {
        if (engine() == TlsEngine.BORINGSSL) {
            return;
        }
        CertificatePair pair = SelfSigned.of("warm-up.invalid", clock.instant());
        try {
            EngineWarmUp.run(parts().server().of(pair, ClientAuthPolicy.NONE), pair);
        } catch (UnusablePair e) {
            LOG.debugf("No handshakes were made in advance: %s", e.getMessage());
        }
    }

    private void watch() {
        try {
            reload();
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "The certificates could not be looked at. Those of before stay in use.");
        }
    }

    /** Returns the engine that encrypts. To be called after {@link #open}. */
    public synchronized TlsEngine engine() {
        return parts().engine();
    }

    private Parts parts() {
        Parts opened = parts;
        if (opened == null) {
            throw new IllegalStateException("the certificates are not open");
        }
        return opened;
    }

    /** Reads all sources now. What is new is served when this returns. */
    public synchronized CertificateReload reload() {
        return parts == null ? nothing() : lookAndTell();
    }

    private static CertificateReload nothing() {
        return new CertificateReload(List.of(), List.of(), List.of(), 0);
    }

    /**
     * Checks that what a configuration names can be served: whatever is new has to fit as at a start. A file that is known
     * and can't be read just now keeps nobody from another change. Changes nothing.
     *
     * @throws TlsRefused if a new certificate or a new file of authorities can't be used, or no certificate would be left
     */
    public synchronized void check(CertificateSettings next) {
        if (parts == null) {
            return;
        }
        Instant now = clock.instant();
        for (PairFiles files : next.files()) {
            if (!watched.knows(files)) {
                WatchedPair tried = new WatchedPair(files);
                tried.look(now, pair -> {});
                if (tried.pair().isEmpty()) {
                    throw new TlsRefused(StartRefusals.unusable(tried));
                }
            }
        }
        policies.refusal(next).ifPresent(reason -> {
            throw new TlsRefused(reason);
        });
        if (next.acme().isEmpty() && !watched.keepAny(next)) {
            refuseWithoutAny(next, now);
        }
    }

    private static void refuseWithoutAny(CertificateSettings next, Instant now) {
        CertificateInspection found = CertificateInspection.of(next, now);
        if (found.entries().stream().noneMatch(CertificateEntry::isServing)) {
            throw new TlsRefused(found.refusals().get(0));
        }
    }

    /** Replaces the settings but for the engine and the folder of tickets, and reads all sources. */
    public synchronized CertificateReload apply(CertificateSettings next) {
        settings = next;
        return reload();
    }

    private CertificateReload lookAndTell() {
        Instant now = clock.instant();
        CertificateReload found = look(now);
        looks.add(found, entriesNow(), now);
        return found;
    }

    private CertificateReload look(Instant now) {
        Parts opened = parts();
        if (opened.tickets().look()) {
            opened.contexts().renewTickets();
        }
        List<CertificateProblem> found = new ArrayList<>(policies.look(settings));
        List<String> removed = watched.find(settings, now, found);
        List<WatchedPair> changed = watched.all().stream()
                .filter(pair -> pair.look(now, tried -> opened.contexts().get(tried, ClientAuthPolicy.NONE)))
                .toList();
        found.addAll(swap(opened, now));
        watched.all().forEach(pair -> found.addAll(pair.problems()));
        found.addAll(PlainDemands.of(settings, watched.all()));
        return new CertificateReload(
                changed.stream().map(WatchedPair::entry).toList(),
                removed,
                found,
                watched.all().size() - changed.size());
    }

    /** Replaces the snapshot. Returns what could not be replaced in it. */
    private List<CertificateProblem> swap(Parts opened, Instant now) {
        TableBuilder builder = new TableBuilder(opened.contexts(), now);
        Set<String> labels = new HashSet<>();
        for (WatchedPair pair : watched.all()) {
            String label = pair.files().label();
            boolean isNamed = pair.files().source() == CertificateSource.FILE;
            ClientAuthPolicy policy = isNamed ? policies.own(label).orElse(policies.common()) : policies.common();
            pair.pair()
                    .ifPresent(served ->
                            builder.add(new Candidate(served, pair.files().source(), label, policy)));
            if (isNamed) {
                labels.add(label);
            }
        }
        standIns.addTo(builder, settings.awaited(), policies.common(), now);
        settings.ownClientAuth().keySet().stream()
                .filter(name -> !labels.contains(name))
                .forEach(name -> builder.policy(name, policies.own(name).orElse(policies.common())));
        table = builder.build(settings.isStrict(), table);
        opened.contexts().dropUnwanted();
        opened.contexts().releaseReplaced();
        return builder.refusals().stream()
                .map(reason -> new CertificateProblem("turnout.tls", reason.then(TlsFinding.NAMES_KEPT), false))
                .toList();
    }

    private List<CertificateEntry> entriesNow() {
        return Stream.concat(watched.all().stream().map(WatchedPair::entry), standIns.entries().stream())
                .toList();
    }

    /** Returns what is known of each certificate. Any thread; does not block. */
    public List<CertificateEntry> entries() {
        return looks.entries();
    }

    /** Returns what needs somebody's attention. Any thread; does not block. */
    public List<CertificateProblem> problems() {
        return looks.problems();
    }

    /** Adds a listener. Its calls come from the thread of the look. */
    public void listen(CertificateListener listener) {
        looks.listen(listener);
    }

    @Override
    public Choice choose(ClientHello hello) {
        Choice challenge = challenges.to(hello);
        return challenge == null ? table.choose(hello) : challenge;
    }

    /** Returns the answer to a client whose ClientHello was not read. Any thread; does not block. */
    public Choice byDefault() {
        return table.ofDefault();
    }

    /** Returns the first certificate that is served, with its chain; empty if there is none. */
    public synchronized List<X509Certificate> chain() {
        return watched.all().stream()
                .flatMap(pair -> pair.pair().stream())
                .findFirst()
                .map(pair -> pair.chain().certificates())
                .orElse(List.of());
    }

    @Override
    public ClientAuthPolicy policyOf(byte[] bytes, int start, int end) {
        return table.policyOf(bytes, start, end);
    }

    @Override
    public boolean haveAnother(CoveredNames presented, byte[] bytes, int start, int end) {
        return table.hasAnother(presented, bytes, start, end);
    }

    @Override
    public synchronized void offer(String name, List<X509Certificate> chain, PrivateKey key) {
        Parts opened = parts();
        challenges.offer(name, chain, key, opened.server(), opened.contexts());
    }

    @Override
    public synchronized void withdraw(String name) {
        challenges.withdraw(name, parts().contexts());
    }

    /** Ends the watching, and releases all contexts. Open connections keep theirs. */
    @Override
    public synchronized void close() {
        watcher.shutdownNow();
        table = HandshakeTable.EMPTY;
        Parts opened = parts;
        if (opened != null) {
            opened.contexts().close();
        }
    }
}
