package dev.turnout.fleet;

import dev.turnout.config.DaemonThread;
import dev.turnout.fleet.decision.Enrolment;
import dev.turnout.fleet.decision.FleetOrder;
import dev.turnout.fleet.decision.ParticipantEvent;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreUpdate;
import dev.turnout.fleet.etcd.EtcdFailed;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The fleet's thread: reads the store, gives what it has read to seats and led changes, and carries out what they want. The
 * store is read once in a while, and as soon as somebody says that something has changed.
 *
 * <p>Only this thread touches seats and changes. Writes to the store and work that takes long run aside.
 */
final class FleetLoop {

    private static final Logger LOG = Logger.getLogger(FleetLoop.class);

    private final FleetSettings settings;
    private final FleetStore store;
    private final Presence presence;
    private final Presence.Self self;
    private final FleetTraffic traffic;
    private final Lives lives;
    private final Clock clock;
    private final OwnRecords records;
    private final Peers peers;
    private final Upkeep upkeep;
    private final StoreWatch watch;
    private final StoreReads reads;
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final ExecutorService threads =
            Executors.newCachedThreadPool(task -> DaemonThread.of("turnout-fleet-aside", task));
    private final AsideWork aside = new AsideWork(threads, this::later);
    /** Gives tasks to other threads, and never waits: a time that is over may not come late. */
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> DaemonThread.of("turnout-fleet-timer", task));

    private final ServiceSeats seats;
    private final MemberServices services;
    private final Map<String, LedChange> led = new HashMap<>();
    private final SentUpdates sent;
    private boolean isAsking;
    private boolean isRenewing;
    private volatile boolean isStopped;
    private volatile FleetView view;

    FleetLoop(
            FleetSettings settings,
            FleetStore store,
            Presence presence,
            Presence.Self self,
            OwnRecords records,
            OwnRecords.Content disk,
            FleetTraffic traffic,
            Clock clock) {
        this.settings = settings;
        this.store = store;
        this.presence = presence;
        this.self = self;
        this.traffic = traffic;
        this.clock = clock;
        this.lives = new Lives(disk.life(), disk.revision());
        this.records = records;
        this.peers = new Peers(settings.etcd().tls());
        this.upkeep = new Upkeep(this, self, traffic);
        this.reads = new StoreReads(store::read, aside, this::later, this::seen, this::notSeen);
        this.sent = new SentUpdates(this::sendNow, aside, this::later, this::readSoon);
        this.watch = new StoreWatch(store, lives::newest, this::readSoon);
        this.view = FleetView.unread(clock.instant());
        this.seats = new ServiceSeats(this, self, records, disk, traffic);
        this.services = new MemberServices(this, self, traffic, records, disk, seats);
    }

    /** Begins to read, to watch and to say that this process is here. */
    void start() {
        long beat = settings.lease().toMillis() / 3;
        timer.scheduleWithFixedDelay(() -> later(this::renew), 0, beat, TimeUnit.MILLISECONDS);
        DaemonThread.start("turnout-fleet", this::run);
        watch.start();
    }

    /** Stops everything. The lease stays, and ends by itself. */
    void stop() {
        isStopped = true;
        watch.stop();
        timer.shutdownNow();
        threads.shutdownNow();
        peers.stop();
        tasks.add(() -> {});
    }

    /** Returns what the last read has seen. Any thread. */
    FleetView view() {
        return view;
    }

    long revision() {
        return lives.newest();
    }

    /** Runs a task on the fleet's thread. Any thread. */
    void later(Runnable task) {
        tasks.add(task);
    }

    /** Asks on the fleet's thread, behind what that was given before. Blocks for a second at most: then it is false. */
    boolean ask(BooleanSupplier question) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        later(() -> answer.complete(question.getAsBoolean()));
        return answer.completeOnTimeout(false, 1, TimeUnit.SECONDS).join();
    }

    /** Returns the way to work that may block. */
    AsideWork aside() {
        return aside;
    }

    /** Runs a task on the fleet's thread after a time. */
    void after(Duration time, Runnable task) {
        timer.schedule(() -> later(task), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Has the store read now. Any thread. */
    void readSoon() {
        reads.want();
        tasks.add(() -> {});
    }

    /** Runs a task on the fleet's thread after a read that begins from now on. Any thread. */
    void afterRead(Runnable task) {
        later(() -> reads.then(task));
    }

    /** Asks the other members what they know, unless that is being done. */
    void askPeers() {
        Optional<OwnRecords.Content> own = records.content();
        if (isAsking || own.isEmpty()) {
            return;
        }
        isAsking = true;
        aside.begin(
                () -> {
                    List<PeerState> told = List.copyOf(peers.ask(own.get()).values());
                    later(() -> {
                        isAsking = false;
                        told.forEach(seats::told);
                    });
                },
                () -> isAsking = false);
    }

    /** Returns the way to the other members. Any thread. */
    Peers peers() {
        return peers;
    }

    /** Returns this member's parts in the services. */
    ServiceSeats seats() {
        return seats;
    }

    /** Returns how what is configured here and the fleet come together. */
    MemberServices services() {
        return services;
    }

    /** Starts the times that a vote is patient for. */
    void await(String change, ServiceSeat seat) {
        FlipSettings flip = settings.flip();
        after(flip.hold(), () -> seat.on(new ParticipantEvent.PatienceOver(change)));
        after(flip.inDoubt(), () -> {
            seat.inDoubt(change, flip.servesInDoubt());
            // Operators see it at once, and not with the next read that fails.
            seats.inDoubt().ifPresent(trouble -> show(view.failed(trouble, clock.instant())));
        });
    }

    /** Begins a change of one service or more. The store has just been read, or was read not long ago. */
    LedChange begin(Collection<FleetOrder> orders, StoreContents contents) {
        LedChange change = LedChange.begin(this, orders, contents, traffic);
        if (!change.isOver()) {
            orders.forEach(order -> led.put(order.change(), change));
        }
        return change;
    }

    /** Sends an update, as {@link SentUpdates#send}. */
    boolean send(StoreUpdate update, Consumer<UpdateAnswer> answered) {
        return sent.send(update, answered);
    }

    private UpdateAnswer sendNow(StoreUpdate update) {
        try {
            return store.send(update, self.fleet(), presence.lease()) ? UpdateAnswer.MADE : UpdateAnswer.REFUSED;
        } catch (EtcdFailed failed) {
            LOG.debugf("%s was not answered: %s", update.purpose(), failed.getMessage());
            return UpdateAnswer.UNKNOWN;
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "%s could not be sent", update.purpose());
            return UpdateAnswer.UNKNOWN;
        }
    }

    private void run() {
        while (!isStopped) {
            try {
                Runnable task = tasks.poll(settings.read().toMillis(), TimeUnit.MILLISECONDS);
                boolean isPeriodic = task == null;
                while (task != null) {
                    task.run();
                    task = tasks.poll();
                }
                reads.begin(isPeriodic || isOld());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                LOG.errorf(e, "A step of the fleet ended in an error");
            }
        }
    }

    private boolean isOld() {
        return view.ageMillis() >= settings.read().toMillis();
    }

    private void seen(FleetStore.Read read) {
        StoreContents contents = read.contents(lives.of(read));
        seats.believe(contents, read.revision());
        seats.seen(contents);
        new HashSet<>(led.values()).forEach(change -> change.seen(contents));
        led.values().removeIf(LedChange::isOver);
        upkeep.look(contents, seats.services(), led);
        if (seats.disbelieved().isEmpty()
                && records.content()
                        .filter(own -> own.life().equals(contents.life()))
                        .isPresent()) {
            seats.keepPeers(contents);
            services.seen(contents);
            if (Enrolment.isUndone(self.member(), self.process(), contents)) {
                aside.begin(this::sayAgain, () -> {});
            }
        }
        watch.seen(contents.newest());
        show(view.read(
                contents,
                read.header(),
                seats.epochs(),
                services.apart(),
                seats.inDoubt().or(seats::disbelieved),
                clock.instant()));
    }

    private void notSeen(Trouble trouble) {
        seats.on(new ParticipantEvent.Unreachable());
        show(view.failed(seats.inDoubt().orElse(trouble), clock.instant()));
    }

    /** The text of one kind is another one at each node of etcd: operators are told of the kind. */
    private void show(FleetView next) {
        Optional<Trouble.Kind> before = view.trouble().map(Trouble::kind);
        view = next;
        if (!next.trouble().map(Trouble::kind).equals(before)) {
            traffic.told(
                    next.trouble().isPresent(),
                    next.trouble()
                            .map(Trouble::text)
                            .map(FleetWords::withoutStop)
                            .orElse("the store is in order again"));
        }
    }

    private void sayAgain() {
        try {
            presence.again();
        } catch (EtcdFailed failed) {
            LOG.debugf("That this process is here was not said again: %s", failed.getMessage());
        }
    }

    /** Has the lease renewed, unless that is being done. */
    private void renew() {
        if (isRenewing || isStopped) {
            return;
        }
        isRenewing = true;
        aside.begin(
                () -> {
                    keepPresence();
                    later(() -> isRenewing = false);
                },
                () -> isRenewing = false);
    }

    private void keepPresence() {
        try {
            if (presence.keep()) {
                readSoon();
            }
        } catch (EtcdFailed failed) {
            LOG.debugf("The lease was not renewed: %s", failed.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("The lease could not be renewed", e);
        }
    }
}
