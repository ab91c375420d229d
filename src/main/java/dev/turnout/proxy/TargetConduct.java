package dev.turnout.proxy;

/**
 * What a target has shown of how it treats connections. Servers do not announce all of it, and whoever does not learn
 * from it loses requests. Any thread: a late view costs a connection, never a request.
 *
 * <ul>
 *   <li>It answers HTTP/1.0. Such a server does not know the chunked coding.
 *   <li>It answers a request with content twice: it has read the content as a request.
 *   <li>It closes connections right behind its answers without saying so.
 * </ul>
 */
final class TargetConduct {

    /** A connection that is idle for this long has not been closed behind its answer. Milliseconds. */
    static final long SETTLED_MILLIS = 50;

    /** So many reuses show that a target keeps its connections. */
    private static final int PROOF = 8;

    private volatile boolean http10;
    private volatile boolean mistakesContent;
    private volatile boolean closesBehindAnswers;
    private volatile int reuses;
    private volatile int reusesAfterContent;

    /** Notes the version of a response. */
    void answered(boolean isHttp11) {
        if (http10 == isHttp11) {
            http10 = !isHttp11;
        }
    }

    /**
     * Notes a response over a connection that had carried an exchange before.
     *
     * @param afterContent whether the request of that exchange had content
     */
    void answeredAgain(boolean afterContent) {
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
    void closedBehindAnswer() {
        reuses = 0;
        closesBehindAnswers = true;
    }

    /** Notes that the target has sent bytes behind its answer to a request with content. */
    void answeredTwice() {
        mistakesContent = true;
    }

    /** Returns true if the target's last response was HTTP/1.0. */
    boolean isHttp10() {
        return http10;
    }

    /** Returns true if the target has read content as a request: no connection that has carried content is reused. */
    boolean mistakesContent() {
        return mistakesContent;
    }

    /**
     * Returns true if a connection may be used that was idle for less than {@link #SETTLED_MILLIS}.
     *
     * @param replayable whether the request can go again if the target has just closed the connection
     * @param afterContent whether the connection's last request had content
     */
    boolean trustsAtOnce(boolean replayable, boolean afterContent) {
        return !closesBehindAnswers
                && (replayable || reuses >= PROOF)
                && (!afterContent || reusesAfterContent >= PROOF);
    }
}
