package dev.turnout.tls;

import dev.turnout.config.DaemonThread;
import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import dev.turnout.tls.Choice.Serve;
import dev.turnout.tls.TableBuilder.Candidate;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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

    /** The lifetime that a stand-in has left when another one takes its place. */
    private static final Duration STAND_IN_LEFT = Duration.ofHours(1);

    private final Clock clock;
    private final List<CertificateListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<Path, WatchedPair> watched = new LinkedHashMap<>();
    private final Map<String, CertificatePair> standIns = new TreeMap<>();
    private final CertificateReminders reminders = new CertificateReminders();
    private final ClientAuthPolicies policies = new ClientAuthPolicies();
    private final ScheduledExecutorService watcher =
            Executors.newSingleThreadScheduledExecutor(task -> DaemonThread.of("turnout-certificates", task));
    private CertificateSettings settings;
    private @Nullable Parts parts;
    private @Nullable Future<?> watching;

    private volatile HandshakeTable table = HandshakeTable.EMPTY;
    private volatile Map<String, Serve> challenges = Map.of();
    private volatile List<CertificateEntry> entries = List.of();
    private volatile List<CertificateProblem> problems = List.of();

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

    private void lookOrRefuse() {
        look();
        StartRefusals.of(settings, watched.values(), problems).stream()
                .findFirst()
                .ifPresent(reason -> {
                    throw new TlsRefused(reason);
                });
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
            look();
        } else if (parts != null) {
            parts.contexts().close();
            parts = null;
            watched.clear();
            standIns.clear();
            table = HandshakeTable.EMPTY;
            entries = List.of();
            problems = List.of();
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
        } catch (RuntimeException e) {
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
        return parts == null ? nothing() : look();
    }

    private static CertificateReload nothing() {
        return new CertificateReload(List.of(), List.of(), List.of(), 0);
    }

    /**
     * Checks that what a configuration names can be served. Changes nothing.
     *
     * @throws TlsRefused if a certificate that is not served yet can't be used
     */
    public synchronized void check(CertificateSettings next) {
        if (parts == null) {
            return;
        }
        for (PairFiles files : next.files()) {
            WatchedPair known = watched.get(files.cert());
            if (known == null || !known.files().equals(files)) {
                WatchedPair tried = new WatchedPair(files);
                tried.look(clock.instant(), pair -> {});
                if (tried.pair().isEmpty()) {
                    throw new TlsRefused(StartRefusals.unusable(tried));
                }
            }
        }
    }

    /** Replaces the settings but for the engine and the folder of tickets, and reads all sources. */
    public synchronized CertificateReload apply(CertificateSettings next) {
        settings = next;
        return reload();
    }

    private CertificateReload look() {
        Parts opened = parts();
        Instant now = clock.instant();
        if (opened.tickets().look()) {
            opened.contexts().renewTickets();
        }
        List<CertificateProblem> found = new ArrayList<>(policies.look(settings));
        List<String> removed = find(now, found);
        List<WatchedPair> changed = watched.values().stream()
                .filter(pair -> pair.look(now, tried -> opened.contexts().get(tried, ClientAuthPolicy.NONE)))
                .toList();
        found.addAll(swap(opened, now));
        watched.values().forEach(pair -> found.addAll(pair.problems()));
        found.addAll(PlainDemands.of(settings, watched.values()));
        return report(changed, removed, found, now);
    }

    /** Finds out which files there are. Returns the origins of those that are gone. */
    private List<String> find(Instant now, List<CertificateProblem> found) {
        Map<Path, PairFiles> present = new LinkedHashMap<>();
        settings.files().forEach(files -> present.put(files.cert(), files));
        boolean isWhole = settings.directory()
                .map(folder -> scan(folder, CertificateFolder::scan, present, found))
                .orElse(true);
        for (Path folder : settings.acme()) {
            isWhole &= scan(folder, CertificateFolder::scanAcme, present, found);
        }
        List<String> removed = dropMissing(present.keySet(), isWhole, now);
        present.forEach((cert, files) ->
                watched.computeIfAbsent(cert, none -> new WatchedPair(files)).name(files));
        return removed;
    }

    private List<String> dropMissing(Set<Path> present, boolean isWhole, Instant now) {
        List<String> removed = new ArrayList<>();
        watched.values().removeIf(pair -> {
            boolean isGone = !present.contains(pair.files().cert())
                    && (pair.files().source() == CertificateSource.FILE || isWhole && pair.isGone(now));
            if (isGone) {
                removed.add(pair.files().cert().toString());
            }
            return isGone;
        });
        return removed;
    }

    /** Lists the pairs of a folder. */
    @FunctionalInterface
    private interface Scan {
        List<PairFiles> of(Path folder) throws IOException;
    }

    /** Returns true if what is not there now was taken away. A folder without any pair may be one that is not mounted. */
    private boolean scan(Path folder, Scan scan, Map<Path, PairFiles> present, List<CertificateProblem> found) {
        try {
            List<PairFiles> pairs = scan.of(folder);
            pairs.forEach(files -> present.putIfAbsent(files.cert(), files));
            if (!pairs.isEmpty() || !isServedFrom(folder)) {
                return true;
            }
            found.add(unread(folder, TlsText.of(TlsFinding.FOLDER_EMPTY, "folder", folder)));
        } catch (IOException e) {
            TlsText unreadable = TlsText.of(TlsFinding.FOLDER_UNREADABLE, "folder", folder);
            found.add(unread(folder, unreadable.then(FileAccess.explain(folder, e))));
        }
        return false;
    }

    private boolean isServedFrom(Path folder) {
        return watched.values().stream()
                .anyMatch(pair -> pair.files().source() != CertificateSource.FILE
                        && pair.files().cert().startsWith(folder)
                        && pair.pair().isPresent());
    }

    private static CertificateProblem unread(Path folder, TlsText reason) {
        return new CertificateProblem(folder.toString(), reason.then(TlsFinding.FOLDER_KEPT), false);
    }

    /** Replaces the snapshot. Returns what could not be replaced in it. */
    private List<CertificateProblem> swap(Parts opened, Instant now) {
        TableBuilder builder = new TableBuilder(opened.contexts(), now);
        Set<String> labels = new HashSet<>();
        for (WatchedPair pair : watched.values()) {
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
        standIn(builder, now);
        settings.ownClientAuth().keySet().stream()
                .filter(name -> !labels.contains(name))
                .forEach(name -> builder.policy(name, policies.own(name).orElse(policies.common())));
        table = builder.build(settings.isStrict(), table);
        opened.contexts().dropUnwanted();
        opened.contexts().releaseReplaced();
        entries = listed();
        return builder.refusals().stream()
                .map(reason -> new CertificateProblem("turnout.tls", reason.then(TlsFinding.NAMES_KEPT), false))
                .toList();
    }

    private void standIn(TableBuilder builder, Instant now) {
        standIns.keySet().retainAll(settings.awaited());
        for (String name : settings.awaited()) {
            if (builder.covers(name)) {
                standIns.remove(name);
                continue;
            }
            CertificatePair known = standIns.get(name);
            if (known == null || now.plus(STAND_IN_LEFT).isAfter(known.chain().notAfter())) {
                standIns.put(name, SelfSigned.of(name, now));
            }
        }
        standIns.forEach((name, pair) ->
                builder.add(new Candidate(pair, CertificateSource.SELF_SIGNED, name, policies.common())));
    }

    private List<CertificateEntry> listed() {
        List<CertificateEntry> all = new ArrayList<>();
        watched.values().forEach(pair -> all.add(pair.entry()));
        standIns.values()
                .forEach(pair -> all.add(
                        WatchedPair.entry(pair, CertificateSource.SELF_SIGNED, "Turnout itself", Optional.empty())));
        return List.copyOf(all);
    }

    private CertificateReload report(
            List<WatchedPair> changed, List<String> removed, List<CertificateProblem> found, Instant now) {
        CertificateReload report = new CertificateReload(
                changed.stream().map(WatchedPair::entry).toList(), removed, found, watched.size() - changed.size());
        CertificateNews news = reminders.of(report, entries, now);
        CertificateLog.write(LOG, news);
        problems = List.copyOf(found);
        if (!news.isEmpty()) {
            listeners.forEach(listener -> listener.looked(news));
        }
        return report;
    }

    /** Returns what is known of each certificate. Any thread; does not block. */
    public List<CertificateEntry> entries() {
        return entries;
    }

    /** Returns what needs somebody's attention. Any thread; does not block. */
    public List<CertificateProblem> problems() {
        return problems;
    }

    /** Adds a listener. Its calls come from the thread of the look. */
    public void listen(CertificateListener listener) {
        listeners.add(listener);
    }

    @Override
    public Choice choose(ClientHello hello) {
        if (hello.offersAcmeTls() && hello.serverNameStart() >= 0 && !challenges.isEmpty()) {
            Serve challenge = challenges.get(new String(
                    hello.bytes(),
                    hello.serverNameStart(),
                    hello.serverNameEnd() - hello.serverNameStart(),
                    StandardCharsets.US_ASCII));
            if (challenge != null) {
                return challenge;
            }
        }
        return table.choose(hello);
    }

    /** Returns the answer to a client whose ClientHello was not read. Any thread; does not block. */
    public Choice byDefault() {
        return table.ofDefault();
    }

    /** Returns the first certificate that is served, with its chain; empty if there is none. */
    public synchronized List<X509Certificate> chain() {
        return watched.values().stream()
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
        withdraw(name);
        try {
            SslContext context = opened.server().ofChallenge(chain, key);
            Map<String, Serve> next = new HashMap<>(challenges);
            next.put(name.toLowerCase(Locale.ROOT), new Serve(context, ClientAuthPolicy.NONE, CoveredNames.ALL, true));
            challenges = Map.copyOf(next);
        } catch (UnusablePair e) {
            throw new IllegalStateException("the challenge for " + name + " can't be answered: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void withdraw(String name) {
        Map<String, Serve> next = new HashMap<>(challenges);
        Serve withdrawn = next.remove(name.toLowerCase(Locale.ROOT));
        if (withdrawn != null) {
            challenges = Map.copyOf(next);
            parts().contexts().replace(withdrawn.context());
        }
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
