package dev.turnout.notify;

import dev.turnout.config.DaemonThread;
import dev.turnout.config.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One receiver: a bounded queue, and a thread that sends one message after another. Messages that find the queue full are
 * dropped, logged and counted.
 */
final class Receiver {

    private static final Logger LOG = Logger.getLogger("dev.turnout");
    private static final int MOST_WAITING = 100;

    /** The time for the line of a message whose try is ended. */
    private static final Duration LAST_LINE = Duration.ofMillis(200);

    private final String name;
    private final ReceiverCounts counts;
    private final Duration firstPause;
    /** Empty wakes the thread for its end. */
    private final BlockingQueue<Optional<Offered>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private volatile ReceiverSettings settings;
    private volatile Hook hook;
    private volatile boolean isFull;

    /** Whether the last message could not be sent. Thread of this receiver only. */
    private boolean isFailing;

    /** A message, and when it came. The time that it has is counted from there: the clock may be set meanwhile. */
    private record Offered(Notification notification, long atNanos) {

        Deadline giveUp(Duration time) {
            return Deadline.after(time.minusNanos(System.nanoTime() - atNanos));
        }
    }

    /** @param firstPause between the first try of a message and the second */
    Receiver(ReceiverSettings settings, Hook hook, ReceiverCounts counts, Duration firstPause) {
        this.name = settings.name();
        this.settings = settings;
        this.hook = hook;
        this.counts = counts;
        this.firstPause = firstPause;
        this.thread = DaemonThread.of("turnout-notify-" + name, this::run);
    }

    void begin() {
        thread.start();
    }

    ReceiverSettings settings() {
        return settings;
    }

    /** Replaces the settings. Messages that wait are sent by the new ones. */
    void apply(ReceiverSettings next, Hook nextHook) {
        Hook before = hook;
        settings = next;
        hook = nextHook;
        before.release();
    }

    /** Takes a message if the receiver is told of such events. Never blocks. Any thread. */
    void offer(Notification notification, News news) {
        if (!settings.events().contains(news.event())) {
            return;
        }
        if (waiting.offer(Optional.of(new Offered(notification, System.nanoTime())))) {
            isFull = false;
            return;
        }
        counts.dropped().increment();
        if (!isFull) {
            isFull = true;
            LOG.warnf(
                    "Notifications to receiver '%s' are dropped: %d wait already. turnout_notifications_total counts"
                            + " them; 'turnout notify test' shows what is wrong with the receiver",
                    name, MOST_WAITING);
        }
    }

    /** Sends a message once, beside the queue. Blocks. */
    HookOutcome test(Notification notification) throws InterruptedException {
        return hook.send(notification);
    }

    private void run() {
        try {
            while (!isStopped() || !waiting.isEmpty()) {
                Optional<Offered> next = waiting.take();
                if (next.isPresent()) {
                    deliver(next.get());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void deliver(Offered offered) throws InterruptedException {
        Notification notification = offered.notification();
        Tries tries = new Tries(offered.giveUp(settings.giveUp()), firstPause);
        try {
            deliver(notification, tries);
        } catch (InterruptedException e) {
            giveUp(notification, "had not answered when it was removed, or Turnout stopped", tries.made() + 1);
            throw e;
        }
    }

    private void deliver(Notification notification, Tries tries) throws InterruptedException {
        HookOutcome outcome = send(notification);
        while (outcome instanceof HookOutcome.Later later) {
            Optional<Duration> pause = tries.pause(later);
            if (pause.isEmpty() || isStopped()) {
                giveUp(notification, later.words(), tries.made());
                return;
            }
            tellOfRetry(notification, later);
            stopped.await(pause.get().toMillis(), TimeUnit.MILLISECONDS);
            outcome = send(notification);
        }
        if (outcome instanceof HookOutcome.Never never) {
            giveUp(notification, never.words(), tries.made() + 1);
        } else {
            sent(notification);
        }
    }

    /** A fault in a message must not end the thread. */
    private HookOutcome send(Notification notification) throws InterruptedException {
        try {
            return hook.send(notification);
        } catch (RuntimeException | Error broken) {
            LOG.errorf(broken, "The notification '%s' could not be written", notification.event());
            return new HookOutcome.Never(
                    HookOutcome.Cause.NOT_WRITTEN, "was not asked, since Turnout could not write the message");
        }
    }

    private void tellOfRetry(Notification notification, HookOutcome.Later later) {
        if (!isFailing) {
            isFailing = true;
            LOG.warnf(
                    "The notification '%s' could not be sent to receiver '%s', and is tried again: it %s",
                    what(notification), name, later.words());
        }
    }

    private void giveUp(Notification notification, String words, int tries) {
        isFailing = true;
        LOG.warnf(
                "The notification '%s' was not sent to receiver '%s' and is dropped after %s: it %s. 'turnout notify"
                        + " test' tries the receiver; its keys begin with %s",
                what(notification), name, tries == 1 ? "one try" : tries + " tries", words, settings.prefix());
        counts.failed().increment();
    }

    private void sent(Notification notification) {
        LOG.logf(
                isFailing ? Logger.Level.INFO : Logger.Level.DEBUG,
                "The notification '%s' was sent to receiver '%s'",
                what(notification),
                name);
        isFailing = false;
        counts.sent().increment();
    }

    private static String what(Notification notification) {
        return notification.service().map(service -> service + ": ").orElse("") + notification.event();
    }

    /** Lets the messages that wait have one try each. Returns at once; {@link #awaitEnd} blocks. */
    void beginStop() {
        stopped.countDown();
        waiting.offer(Optional.empty());
    }

    /** Ends the thread, after this time at the latest. Messages that still wait are dropped. */
    void awaitEnd(Duration time) throws InterruptedException {
        thread.join(Math.max(1, time.toMillis()));
        thread.interrupt();
        thread.join(LAST_LINE.toMillis());
        hook.release();
        long left = waiting.stream().filter(Optional::isPresent).count();
        if (left > 0) {
            counts.dropped().increment(left);
            LOG.warnf("%d notifications to receiver '%s' were dropped, since it is gone", left, name);
        }
    }
}
