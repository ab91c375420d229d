package dev.turnout.e2e;

import dev.turnout.support.Await;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Small requests one after the other, to know when the machine had no time for Turnout or for the test: what happens
 * late then says nothing about Turnout.
 */
final class Heartbeat {

    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final long MISSED_NANOS = Duration.ofMillis(60).toNanos();

    private final Queue<Gap> missed = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean stopping;

    private record Gap(long from, long to) {}

    private Heartbeat(TurnoutProcess turnout) {
        thread = new Thread(() -> beat(turnout), "heartbeat");
    }

    /** Begins at once. */
    static Heartbeat of(TurnoutProcess turnout) {
        Heartbeat heartbeat = new Heartbeat(turnout);
        heartbeat.thread.start();
        return heartbeat;
    }

    private void beat(TurnoutProcess turnout) {
        try (RawClient client = turnout.connect()) {
            long last = System.nanoTime();
            while (!stopping) {
                client.get("/heartbeat").read();
                long now = System.nanoTime();
                if (now - last > MISSED_NANOS) {
                    missed.add(new Gap(last, now));
                }
                last = now;
                Await.pause(PAUSE);
            }
        } catch (IOException e) {
            throw new AssertionError("Turnout did not answer", e);
        }
    }

    /** Ends it. */
    void stop() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Whether a beat was missed within these times, or just before them: by {@link System#nanoTime()}. */
    boolean missedBetween(long from, long to) {
        return missed.stream().anyMatch(gap -> gap.from() <= to && gap.to() >= from - MISSED_NANOS);
    }
}
