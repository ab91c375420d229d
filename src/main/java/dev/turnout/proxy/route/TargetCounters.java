package dev.turnout.proxy.route;

import dev.turnout.routing.TargetTraffic;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of the requests that come to one target. Any thread, but for methods that name the event loop. */
public final class TargetCounters {

    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    private final LongAdder requests = new LongAdder();
    private final LongAdder tunnels = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final LongAdder uploads = new LongAdder();
    private final LongAdder responsesBelow400 = new LongAdder();
    private final LongAdder responses4xx = new LongAdder();
    private final LongAdder responses5xx = new LongAdder();
    private final LongAdder connectFailures = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder excused = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final LatencyCounter latencies;

    /** @param loops how many event loops there are */
    TargetCounters(int loops) {
        this.latencies = new LatencyCounter(loops);
    }

    /** Counts a claim of the target. */
    void countRequest() {
        requests.increment();
    }

    /** Counts a claim whose request has not come whole. */
    public void uploadBegun() {
        uploads.increment();
    }

    /** Called when the request of such a claim is whole, or the claim has ended. */
    public void uploadEnded() {
        uploads.decrement();
    }

    /** Returns how many WebSockets are open. */
    public long tunnels() {
        return tunnels.sum();
    }

    public void tunnelOpened() {
        tunnels.increment();
    }

    public void tunnelClosed() {
        tunnels.decrement();
    }

    /** Called when a connection is open; of what speaks TLS, before its handshake. */
    public void connectionOpened() {
        connections.increment();
    }

    /** Called when a connection that was open has ended. */
    public void connectionClosed() {
        connections.decrement();
    }

    /**
     * Counts the head of a final response. To be called on the event loop of this index.
     *
     * @param nanos from the time when the target had the whole request. Nanoseconds; negative if it never had it.
     */
    public void countResponse(int loop, int status, long nanos) {
        if (nanos >= 0) {
            latencies.count(loop, nanos);
        }
        if (status < CLIENT_ERROR) {
            responsesBelow400.increment();
        } else if (status < SERVER_ERROR) {
            responses4xx.increment();
        } else {
            responses5xx.increment();
        }
    }

    /**
     * Counts how long a client has waited that has gone without the head of a response. To be called on the event loop
     * of this index.
     */
    public void countAbandoned(int loop, long nanos) {
        latencies.count(loop, nanos);
    }

    /** Counts bytes of a request's body, or of a tunnel, on their way to the target. */
    public void countReceived(long count) {
        if (count > 0) {
            bytesReceived.add(count);
        }
    }

    /** Counts bytes of a response's body, or of a tunnel, on their way to the client. */
    public void countSent(long count) {
        if (count > 0) {
            bytesSent.add(count);
        }
    }

    /** Counts a connection that could not be opened. */
    void countConnectFailure() {
        connectFailures.increment();
    }

    /** Counts an exchange that has ended by a fault of the target. */
    public void countFailure() {
        failures.increment();
    }

    /** Counts a request that was sent once more, here or to another target. */
    public void countRetry() {
        retries.increment();
    }

    /** Counts a claim that speaks against the target. */
    public void countFailed() {
        failed.increment();
    }

    /** Counts a claim whose end says nothing of the target. */
    public void countExcused() {
        excused.increment();
    }

    /** Counts a claim that has ended without the head of a response. */
    public void countUnanswered() {
        unanswered.increment();
    }

    /** Returns all counts. Requests that have been counted and neither answered nor ended are waiting ones. */
    TargetTraffic traffic(long inFlight, long waiting, long sessions) {
        long claimed = requests.sum();
        long answered = responsesBelow400.sum() + responses4xx.sum() + responses5xx.sum();
        return new TargetTraffic(
                claimed,
                inFlight,
                responsesBelow400.sum(),
                responses4xx.sum(),
                responses5xx.sum(),
                connectFailures.sum(),
                failures.sum(),
                retries.sum(),
                failed.sum(),
                excused.sum(),
                Math.max(0, claimed - answered - unanswered.sum() - uploads.sum()),
                tunnels.sum(),
                connections.sum(),
                waiting,
                bytesReceived.sum(),
                bytesSent.sum(),
                sessions,
                latencies.sum());
    }
}
