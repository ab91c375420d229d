package dev.turnout.proxy.route;

import java.util.concurrent.TimeUnit;

/**
 * What a target has shown of how it treats connections. Servers do not announce all of it, and a proxy that does not learn
 * from it loses requests. What was learnt is forgotten when a gate proves the target. Any thread: a late view costs a
 * connection, never a request.
 *
 * <ul>
 *   <li>It answers HTTP/1.0. Such a server does not know the chunked coding.
 *   <li>It answers a request with content twice: it has read the content as a request.
 *   <li>It closes connections right behind its answers without saying so.
 *   <li>It serves one connection at a time: an idle connection keeps all others waiting.
 * </ul>
 */
public final class TargetConduct {

    /** A connection that is idle for this long has not been closed behind its answer. Milliseconds. */
    public static final long SETTLED_MILLIS = 50;

    /** So many reuses show that a target keeps its connections. */
    private static final int PROOF = 8;

    /** So many times in a row a target has to answer as soon as idle connections are gone. */
    private static final int COINCIDENCES = 3;

    /** An answer that comes so soon behind the end of the idle connections is due to it. Nanoseconds. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    /** How long the knowledge lasts that a target serves one connection at a time. Nanoseconds. */
    private static final long ONE_AT_A_TIME_NANOS = TimeUnit.MINUTES.toNanos(1);

    private volatile boolean http10;
    private volatile boolean oneAtATime;
    private volatile int coincidences;
    private volatile long roomNanos;
    private volatile boolean mistakesContent;
    private volatile boolean closesBehindAnswers;
    private volatile int reuses;
    private volatile int reusesAfterContent;

    /** Notes the version of a response. */
    public void answered(boolean isHttp11) {
        if (http10 == isHttp11) {
            http10 = !isHttp11;
        }
    }

    /**
     * Notes a response over a connection that had carried an exchange before.
     *
     * @param afterContent whether the request of that exchange had content
     */
    public void answeredAgain(boolean afterContent) {
        // Two event loops may write one count: then the proof takes one reuse more.
        if (afterContent && reusesAfterContent < PROOF) {
            reusesAfterContent = reusesAfterContent + 1;
        }
        if (reuses < PROOF) {
            reuses = reuses + 1;
            if (reuses >= PROOF) {
                closesBehindAnswers = false;
            }
        }
    }

    /** Notes that the target has closed a connection within {@link #SETTLED_MILLIS} of its answer, and has not said so. */
    public void closedBehindAnswer() {
        reuses = 0;
        closesBehindAnswers = true;
    }

    /** Notes that the target has sent bytes behind its answer to a request with content. */
    public void answeredTwice() {
        mistakesContent = true;
    }

    /** Notes that idle connections were closed to make room for a new one that gets no answer. */
    public void roomMade() {
        roomNanos = System.nanoTime();
    }

    /** Notes an answer over a new connection that room was made for. */
    public void answeredAfterWait() {
        boolean soon = System.nanoTime() - roomNanos < SOON_NANOS;
        coincidences = soon ? coincidences + 1 : 0;
        oneAtATime |= coincidences >= COINCIDENCES;
    }

    /** Returns true if an idle connection would keep others waiting; after a minute this is tried again. */
    public boolean servesOneAtATime() {
        if (oneAtATime && System.nanoTime() - roomNanos > ONE_AT_A_TIME_NANOS) {
            coincidences = 0;
            oneAtATime = false;
        }
        return oneAtATime;
    }

    /** Returns true if the target's last response was HTTP/1.0. */
    public boolean isHttp10() {
        return http10;
    }

    /** Returns true if the target has read content as a request: no connection that has carried content is reused. */
    public boolean mistakesContent() {
        return mistakesContent;
    }

    /**
     * Returns true if a connection may be used that was idle for less than {@link #SETTLED_MILLIS}.
     *
     * @param replayable whether the request can go again if the target has just closed the connection
     * @param afterContent whether the connection's last request had content
     */
    public boolean trustsAtOnce(boolean replayable, boolean afterContent) {
        return !closesBehindAnswers
                && (replayable || reuses >= PROOF)
                && (!afterContent || reusesAfterContent >= PROOF);
    }
}
