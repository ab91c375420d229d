package dev.turnout.notify;

import dev.turnout.config.ConfigReport;
import dev.turnout.config.DaemonThread;
import dev.turnout.config.Deadline;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.VisibleText;
import dev.turnout.switching.ChangeEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What people outside are told: takes events, and gives them to all receivers. Taking an event never blocks: each receiver
 * has a queue and a thread of its own.
 */
public final class Notifications {

    private static final Duration LAST_MESSAGES = Duration.ofSeconds(2);

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final int NAME_CHARACTERS = 64;

    private final MeterRegistry registry;
    private final String sender;
    private final Clock clock;
    private final HookTimes times;
    private final CertificateTroubles troubles = new CertificateTroubles();
    private volatile Map<String, Receiver> receivers = Map.of();
    private volatile boolean hasBegun;

    /** @param sender the name of this machine, which messages show */
    public Notifications(MeterRegistry registry, String sender, Clock clock) {
        this(registry, sender, clock, HookTimes.USUAL);
    }

    Notifications(MeterRegistry registry, String sender, Clock clock, HookTimes times) {
        this.registry = registry;
        this.sender = sender;
        this.clock = clock;
        this.times = times;
    }

    /** Returns the name that the kernel has for this machine. */
    public static String nameOfMachine() {
        try {
            return VisibleText.of(Files.readString(HOST_NAME).strip(), NAME_CHARACTERS);
        } catch (IOException e) {
            return "unknown host";
        }
    }

    /** Receivers of a configuration, whose files are read. */
    public static final class Prepared {

        private final List<ReceiverSettings> settings;

        private Prepared(List<ReceiverSettings> settings) {
            this.settings = settings;
        }
    }

    /**
     * Reads the files of receivers. Changes nothing. Blocks.
     *
     * @throws ReceiverRefused if a file can't be used
     */
    public static Prepared prepare(TurnoutConfig config) {
        return new Prepared(ReceiverSettings.of(config));
    }

    /** Returns why files of receivers can't be used, and what makes the addresses in them doubtful. Blocks. */
    public static ConfigReport check(TurnoutConfig config) {
        return ReceiverSettings.check(config);
    }

    /** Replaces the receivers. What waits for a receiver that is gone is dropped. */
    public synchronized void apply(Prepared prepared) {
        Map<String, Receiver> next = new TreeMap<>();
        Map<String, Receiver> gone = new TreeMap<>(receivers);
        for (ReceiverSettings settings : prepared.settings) {
            Receiver known = gone.remove(settings.name());
            next.put(settings.name(), known == null ? begun(settings) : changed(known, settings));
        }
        receivers = next;
        end(List.copyOf(gone.values()), Duration.ZERO);
    }

    private Receiver begun(ReceiverSettings settings) {
        ReceiverCounts counts = ReceiverCounts.of(registry, settings.name());
        Receiver receiver = new Receiver(settings, hook(settings), counts, times.firstPause());
        if (hasBegun) {
            receiver.begin();
        }
        return receiver;
    }

    private Receiver changed(Receiver known, ReceiverSettings settings) {
        if (!known.settings().equals(settings)) {
            known.apply(settings, hook(settings));
        }
        return known;
    }

    private Hook hook(ReceiverSettings settings) {
        return new Hook(settings, sender, times.answer(), clock);
    }

    /** Begins to send. Events before are sent too. Called once, when this process serves. */
    public synchronized void begin() {
        hasBegun = true;
        receivers.values().forEach(Receiver::begin);
    }

    /** Takes an event of a service. Any thread; never blocks. */
    public void changed(ChangeEvent event) {
        News.of(event).ifPresent(this::tell);
    }

    /** Takes an event of a certificate. Any thread; never blocks. */
    public void certificate(JsonObject event) {
        troubles.of(event, clock.instant()).ifPresent(this::tell);
    }

    /** Takes note of a certificate whose orders fail, and when people were told last. Any thread; never blocks. */
    public void certificateFailing(List<String> names, Instant told) {
        troubles.orderFails(names, told);
    }

    private void tell(News news) {
        Notification notification = Notification.of(news, clock.instant());
        receivers.values().forEach(receiver -> receiver.offer(notification, news));
    }

    /**
     * Sends a message to receivers once, and waits for their answers. Blocks.
     *
     * @param name of one receiver; empty for all
     */
    public List<ReceiverTrial> test(Optional<String> name) throws InterruptedException {
        List<Callable<ReceiverTrial>> tries = new ArrayList<>();
        for (Receiver receiver : receivers.values()) {
            if (name.isEmpty() || name.get().equals(receiver.settings().name())) {
                tries.add(() -> ReceiverTrial.of(receiver, Notification.test(clock.instant())));
            }
        }
        return tries.isEmpty() ? List.of() : allAtOnce(tries);
    }

    /** A receiver that does not answer takes its whole time, and others need not wait for it. */
    private static List<ReceiverTrial> allAtOnce(List<Callable<ReceiverTrial>> tries) throws InterruptedException {
        ExecutorService threads =
                Executors.newFixedThreadPool(tries.size(), work -> DaemonThread.of("turnout-notify-test", work));
        try {
            List<ReceiverTrial> trials = new ArrayList<>();
            for (Future<ReceiverTrial> trial : threads.invokeAll(tries)) {
                trials.add(trial.get());
            }
            return trials;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a message that tries a receiver could not be written", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    /** Ends all threads. What waits has one try. Blocks, for two seconds at most. */
    public synchronized void stop() {
        if (hasBegun) {
            end(List.copyOf(receivers.values()), LAST_MESSAGES);
            receivers = Map.of();
        }
    }

    private static void end(List<Receiver> ended, Duration time) {
        ended.forEach(Receiver::beginStop);
        Deadline deadline = Deadline.after(time);
        try {
            for (Receiver receiver : ended) {
                receiver.awaitEnd(Duration.ofMillis(deadline.leftMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
