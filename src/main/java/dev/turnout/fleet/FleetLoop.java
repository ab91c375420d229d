package dev.turnout.fleet;

import dev.turnout.config.DaemonThread;
import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import dev.turnout.fleet.decision.FleetOrder;
import dev.turnout.fleet.decision.ParticipantEvent;
import dev.turnout.fleet.decision.Seat;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreUpdate;
import dev.turnout.fleet.etcd.EtcdFailed;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
    private final Upkeep upkeep;
    private final StoreWatch watch;
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final ExecutorService aside =
            Executors.newCachedThreadPool(task -> DaemonThread.of("turnout-fleet-aside", task));
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> DaemonThread.of("turnout-fleet-timer", task));
    private final Map<String, ServiceSeat> seats = new TreeMap<>();
    private final Map<String, LedChange> led = new HashMap<>();
    private final Set<StoreUpdate> underWay = new HashSet<>();
    private volatile boolean isReadDue = true;
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
        this.upkeep = new Upkeep(this, self, traffic);
        this.watch = new StoreWatch(store, lives::newest, this::readSoon);
        this.view = FleetView.unread(clock.instant());
        for (Map.Entry<String, OwnRecord> entry : disk.services().entrySet()) {
            Seat seat = new Seat(entry.getKey(), self.member(), self.process(), FleetJson.FORMAT);
            seats.put(entry.getKey(), new ServiceSeat(this, traffic, records, seat, disk.life(), entry.getValue()));
        }
    }

    /** Begins to read, to watch and to say that this process is here. */
    void start() {
        long beat = settings.lease().toMillis() / 3;
        timer.scheduleWithFixedDelay(this::keepPresence, 0, beat, TimeUnit.MILLISECONDS);
        DaemonThread.start("turnout-fleet", this::run);
        watch.start();
    }

    /** Stops everything. The lease stays, and ends by itself. */
    void stop() {
        isStopped = true;
        watch.stop();
        timer.shutdownNow();
        aside.shutdownNow();
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

    /** Runs work that may block. Any thread. */
    void aside(Runnable work) {
        aside.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.errorf(e, "Work for the fleet ended in an error");
            }
        });
    }

    /** Runs a task on the fleet's thread after a time. */
    void after(Duration time, Runnable task) {
        timer.schedule(() -> later(task), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Has the store read now. Any thread. */
    void readSoon() {
        isReadDue = true;
        tasks.add(() -> {});
    }

    /** Starts the time that a vote is patient for. Nothing is held, so nobody is in doubt. */
    void await(String change, ServiceSeat seat) {
        after(settings.hold(), () -> seat.on(new ParticipantEvent.PatienceOver(change)));
    }

    /** Begins a change. The store has just been read, or was read not long ago. */
    LedChange begin(FleetOrder order, StoreContents contents) {
        LedChange change =
                LedChange.begin(this, order, contents, traffic.gateTime(order.service()), traffic.drainTime());
        if (!change.isOver()) {
            led.put(order.change(), change);
        }
        return change;
    }

    /**
     * Sends an update aside, unless the same one is under way. The store is read when it has ended.
     *
     * @param answered told on the fleet's thread whether the conditions held, if the store has said so
     * @return whether it was sent
     */
    boolean send(StoreUpdate update, Consumer<Boolean> answered) {
        if (!underWay.add(update)) {
            return false;
        }
        aside(() -> {
            Optional<Boolean> answer = sendNow(update);
            later(() -> {
                underWay.remove(update);
                answer.ifPresent(answered);
            });
            readSoon();
        });
        return true;
    }

    private Optional<Boolean> sendNow(StoreUpdate update) {
        try {
            return Optional.of(store.send(update, self.fleet(), presence.lease()));
        } catch (EtcdFailed failed) {
            LOG.debugf("%s was not answered: %s", update.purpose(), failed.getMessage());
            return Optional.empty();
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
                if (isReadDue || isPeriodic || isOld()) {
                    read();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.errorf(e, "A step of the fleet ended in an error");
            }
        }
    }

    private boolean isOld() {
        return view.ageMillis() >= settings.read().toMillis();
    }

    private void read() {
        isReadDue = false;
        try {
            FleetStore.Read read = store.read();
            StoreContents contents = read.contents(lives.of(read));
            seats.values().forEach(seat -> seat.seen(contents));
            List.copyOf(led.values()).forEach(change -> change.seen(contents));
            led.values().removeIf(LedChange::isOver);
            upkeep.look(contents, seats.keySet(), led);
            show(FleetView.of(contents, epochs(), doubt(), clock.instant()));
        } catch (EtcdFailed | FleetUnreadable e) {
            seats.values().forEach(seat -> seat.on(new ParticipantEvent.Unreachable()));
            show(view.failed(String.valueOf(e.getMessage()), clock.instant()));
        }
    }

    private Map<String, Long> epochs() {
        Map<String, Long> epochs = new TreeMap<>();
        seats.forEach((name, seat) -> epochs.put(name, seat.service().revision()));
        return epochs;
    }

    private Optional<String> doubt() {
        return seats.entrySet().stream()
                .flatMap(seat ->
                        seat.getValue().doubt().map(doubt -> FleetWords.disbelieved(seat.getKey(), doubt)).stream())
                .findFirst();
    }

    private void show(FleetView next) {
        Optional<String> before = view.trouble();
        view = next;
        if (!next.trouble().map(String::length).equals(before.map(String::length))) {
            traffic.told(
                    next.trouble().isPresent(),
                    next.trouble().map(FleetWords::withoutStop).orElse("the store is in order again"));
        }
    }

    private void keepPresence() {
        try {
            if (presence.keep()) {
                readSoon();
            }
        } catch (EtcdFailed failed) {
            LOG.debugf("The lease was not renewed: %s", failed.getMessage());
        }
    }

    /** Returns true if all services may be served. Asked on the fleet's thread. */
    boolean areOpen() {
        return seats.values().stream().allMatch(ServiceSeat::isOpen);
    }

    /** Has all services served by what the disk says. */
    void startAlone() {
        List.copyOf(seats.values()).forEach(seat -> seat.on(new ParticipantEvent.StartAlone()));
    }

    /** Has this process vote no more. */
    void leave() {
        List.copyOf(seats.values()).forEach(seat -> seat.on(new ParticipantEvent.Leaving()));
    }
}
