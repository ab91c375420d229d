package dev.turnout.fleet;

import dev.turnout.fleet.FleetRefused.Reason;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.ParticipantEvent;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.etcd.EtcdClient;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * This Turnout's place in a fleet. It may be in none yet: then it changes its state by itself, as one that is alone.
 *
 * <p>Any thread that may block.
 */
public final class FleetMember {

    /** Where a member tells others what it knows, on its admin server. */
    public static final String STATE_PATH = "/admin/fleet/state";

    /** The header by which a question says that a member asks it, in place of the token. */
    public static final String QUESTION_HEADER = "X-Turnout-Fleet";

    private static final Logger LOG = Logger.getLogger("dev.turnout");

    private final FleetSettings settings;
    private final OwnRecords records;
    private final FleetTraffic traffic;
    private final Clock clock;
    private final EtcdClient etcd;
    private final FleetStore store;
    private final String process = UUID.randomUUID().toString();
    private volatile Optional<FleetLoop> loop = Optional.empty();
    private volatile boolean isStopping;

    public FleetMember(FleetSettings settings, OwnRecords records, FleetTraffic traffic, Clock clock) {
        this.settings = settings;
        this.records = records;
        this.traffic = traffic;
        this.clock = clock;
        this.etcd = new EtcdClient(settings.etcd());
        this.store = new FleetStore(etcd, settings.prefix());
    }

    /**
     * A change that was decided.
     *
     * @param change the id of the change
     * @param behind the members that have not said yet that they have applied it
     * @param receipt completes with the receipt of all members
     */
    public record Decided(String change, Set<String> behind, CompletableFuture<FleetReceipt> receipt) {}

    /**
     * What is to be decided of a service.
     *
     * @param gated whether every member proves the targets first
     */
    public record Wanted(Service before, Service next, boolean gated) {}

    /** Returns true if this Turnout is in the fleet: changes are decided by all. */
    public boolean isMember() {
        return loop.isPresent();
    }

    public FleetSettings settings() {
        return settings;
    }

    /** Returns the files that all members have; empty outside of a fleet. */
    public Optional<FleetFiles> files() {
        return loop.map(inside -> new FleetFiles(
                etcd, settings.prefix(), owner(), () -> inside.view().store()));
    }

    /** Returns the targets that somebody renews; empty outside of a fleet. */
    public Optional<Offers> offers() {
        return loop.map(inside ->
                new FleetOffers(etcd, new BelievedStore(() -> inside.view().store()), settings.prefix(), owner()));
    }

    private String owner() {
        return settings.member() + "/" + process;
    }

    /** Returns what is known of the fleet. */
    public FleetStatus status() {
        return FleetStatus.of(
                settings, process, records.content().map(OwnRecords.Content::fleet), loop.map(FleetLoop::view));
    }

    /**
     * Returns the member that does alone for a service what one member does for all; empty outside of a fleet, or if it is
     * not known.
     */
    public Optional<String> elected(String service) {
        return loop.map(FleetLoop::view).flatMap(view -> view.elected(service));
    }

    /** Returns true if a member of the fleet has asked a question: {@code question} is the header of it. */
    public boolean isPeer(String question) {
        return nonce(question).isPresent();
    }

    private Optional<String> nonce(String question) {
        return records.content().flatMap(own -> new PeerSeal(own.secret()).nonce(question));
    }

    /**
     * Returns what this member has applied, and what it knows to be given up: proofs for members that can't reach etcd. Does
     * not block.
     *
     * @param question the header of a member's question; the answer to another one has no seal
     * @throws FleetRefused outside of a fleet
     */
    public JsonObject told(Optional<String> question) {
        OwnRecords.Content own = records.content().orElseThrow(FleetWords::noFleet);
        Map<String, String> givenUp =
                loop.map(inside -> inside.seats().givenUp()).orElse(Map.of());
        JsonObject told = PeerState.of(own, givenUp, traffic::inFlight).json(own.fleet(), own.member());
        Optional<String> seal =
                question.flatMap(this::nonce).map(nonce -> new PeerSeal(own.secret()).answer(nonce, told));
        return told.put("seal", seal.orElse(null));
    }

    /**
     * Returns the other members that may have requests of a service in flight: they have, they have not applied a decision, or
     * they do not answer. Blocks for a second at most.
     */
    public SortedSet<String> busy(Service decided) {
        FleetLoop inside = loop.orElseThrow(FleetWords::noFleet);
        OwnRecords.Content own = records.content().orElseThrow(FleetWords::noFleet);
        Map<String, PeerState> told = inside.peers().ask(own);
        SortedSet<String> busy = new TreeSet<>(own.peers().keySet());
        busy.remove(own.member());
        busy.removeIf(member -> told.containsKey(member) && told.get(member).isQuiet(decided));
        return busy;
    }

    /**
     * Returns the services as the disk says that the fleet has decided them; none if this Turnout is in no fleet.
     *
     * @throws IOException if the disk can't be read; the message is half a sentence
     */
    public RoutingState recorded() throws IOException {
        return RoutingState.of(records.load().stream()
                .flatMap(content -> content.services().values().stream())
                .map(record -> record.decision().service())
                .toList());
    }

    /**
     * Takes this Turnout's place again, if its disk says that it has one. Blocks until it is known what the fleet has
     * decided, or until it may serve alone.
     *
     * @throws IOException if the place is another one than the configured; the message is half a sentence
     */
    public void start() throws IOException {
        Optional<OwnRecords.Content> disk = records.content();
        if (disk.isEmpty()) {
            LOG.infof("This Turnout is not in fleet '%s' yet: turnout fleet init or join", settings.name());
            return;
        }
        if (!disk.get().member().equals(settings.member())) {
            throw new IOException("it says that this is member '" + disk.get().member()
                    + "' of the fleet, and turnout.fleet.member says '" + settings.member() + "'");
        }
        FleetLoop begun = begin(disk.get(), 0);
        if (!FirstRead.awaitOpen(begun, settings.startAlone())) {
            LOG.error("etcd was not reached since the start: this member serves what its disk says, which may be old");
            begun.ask(() -> {
                begun.seats().on(new ParticipantEvent.StartAlone());
                return true;
            });
        }
        begun.later(begun.services()::opened);
    }

    private FleetLoop begin(OwnRecords.Content disk, long lease) {
        Presence.Self self = new Presence.Self(disk.fleet(), disk.member(), process);
        Presence presence = new Presence(etcd, store, self, settings.lease(), lease);
        FleetLoop begun = new FleetLoop(settings, store, presence, self, records, disk, traffic, clock);
        loop = Optional.of(begun);
        begun.start();
        return begun;
    }

    /** Begins the fleet with this Turnout as its only member, and what it serves now as what is decided. */
    public void init(RoutingState now, String by) {
        refuseInside();
        Enrolling.Begun begun = new Enrolling(settings, etcd, store, records, process).begin(now, by);
        enter(begun);
    }

    /**
     * Enters the fleet. A member that another one has taken out may enter again.
     *
     * @throws FleetRefused if this Turnout has other services, or another slot serves
     */
    public void join(RoutingState now) {
        loop.filter(inside -> inside.view().isTakenOut(settings.member()))
                .ifPresent(inside -> leave(settings.member()));
        refuseInside();
        Enrolling.Begun begun = new Enrolling(settings, etcd, store, records, process).join(now, traffic);
        enter(begun);
    }

    private void enter(Enrolling.Begun begun) {
        FleetLoop entered = begin(begun.disk(), begun.lease());
        entered.later(entered.services()::opened);
        FirstRead.await(entered);
    }

    private void refuseInside() {
        if (isMember()) {
            throw new FleetRefused(
                    Reason.EXISTS,
                    "This Turnout is member '" + settings.member() + "' of fleet '" + settings.name() + "' already.");
        }
    }

    /**
     * Tells the store, which was lost or was put back to a backup, what the members know. Blocks until this member believes
     * the store again, for some seconds at most.
     *
     * @param without members that are not asked: the caller says that they serve nothing
     * @param confirmed the plan that the caller has seen; empty to be told it, with nothing done
     */
    public FleetRecovery recover(String by, SortedSet<String> without, Optional<String> confirmed) {
        FleetLoop inside = loop.orElseThrow(FleetWords::noFleet);
        return new Recovering(settings, store, records, inside).recover(by, without, confirmed);
    }

    /** Takes a member out of the fleet. If it is this one, it goes on serving alone. The last ends the fleet. */
    public void leave(String member) {
        FleetLoop inside = loop.orElseThrow(FleetWords::noFleet);
        String fleet = records.content().map(OwnRecords.Content::fleet).orElse("");
        new Leaving(settings, store, fleet, inside, () -> isStopping).leave(member);
        if (member.equals(settings.member())) {
            loop = Optional.empty();
            inside.stop();
            try {
                records.end();
            } catch (IOException e) {
                LOG.errorf("%s could not be removed: %s. Remove it before the next start.", OwnRecords.FILE, e);
            }
        }
    }

    /**
     * Begins to add services at this member, and to remove others. Blocks until the fleet has decided. To be closed when they
     * are configured so, or are not to be.
     *
     * @return empty outside of a fleet
     * @throws FleetRefused if the fleet has other targets for one of them, or can't decide
     */
    public Optional<ServiceMove> move(Collection<Service> added, Collection<String> removed) {
        return loop.map(inside -> ServiceMove.begin(inside, settings.flip().hold(), () -> isStopping, added, removed));
    }

    /**
     * What has become of a change.
     *
     * @param services that are changed by it in one step
     */
    public record Found(FleetChange change, SortedSet<String> services) {}

    /**
     * Returns what has become of a change.
     *
     * @param name its id, or what its caller calls it
     * @throws FleetRefused if the store knows no such change, or can't be used
     */
    public Found change(String name) {
        StoreContents contents = loop.orElseThrow(FleetWords::noFleet).view().require();
        FleetChange change = FleetChange.find(name, contents).orElseThrow(() -> FleetWords.noChange(name));
        return new Found(change, change.together(contents));
    }

    /** Has this process vote no more, since it stops. */
    public void beginStop() {
        isStopping = true;
        loop.ifPresent(inside -> inside.later(() -> inside.seats().on(new ParticipantEvent.Leaving(true))));
    }

    /** Takes this member out of the fleet if a stop is to do that. Called when its requests have ended. Never throws. */
    public void leaveAtStop() {
        if (!settings.leavesOnStop() || !isMember()) {
            return;
        }
        try {
            leave(settings.member());
            LOG.infof("This Turnout has left fleet '%s', as turnout.fleet.leave-on-stop says", settings.name());
        } catch (FleetRefused refused) {
            LOG.warnf("This Turnout could not leave fleet '%s': %s", settings.name(), refused.getMessage());
        }
    }

    /** Ends the part of this process. */
    public void stop() {
        loop.ifPresent(FleetLoop::stop);
    }

    /**
     * Asks the other members what they see of a switch that has just come into force here; empty outside of a fleet.
     *
     * @param epoch that the switch has made
     */
    public Optional<FleetWatch> watch(String service, long epoch) {
        return loop.map(inside -> new FleetWatch(inside, settings.member(), process, service, epoch));
    }

    /**
     * Has the fleet decide a change of one service or more: of all, or of none. Blocks until it is in force here, and at the
     * other members or 2 s later.
     *
     * @param wanted of each service, which is another one each
     * @param key what the caller calls the change: it is made once
     * @param without members that the caller says serve nothing; each has to be missing
     * @return what was decided, by service
     * @throws FleetRefused if it was not decided, or if nothing is known
     */
    public Map<String, Decided> decide(List<Wanted> wanted, SortedSet<String> without, Optional<String> key) {
        return new Deciding(settings, process, traffic, loop.orElseThrow(FleetWords::noFleet))
                .decide(wanted, without, key);
    }
}
