package dev.turnout.proxy.exchange;

/**
 * The question of a load balancer, asked on the front port with any Host, whether this Turnout can serve ({@code
 * turnout.ready.path}). Any thread.
 */
public final class ReadyQuestion {

    private static final LocalReply READY = new LocalReply(200, "ready", "Every service has a target that is up.");
    private static final LocalReply NOT_READY = new LocalReply(503, "not-ready", "A service has no target that is up.");

    private final String path;
    private volatile boolean isReady = true;

    /** @param path the path of the question */
    public ReadyQuestion(String path) {
        this.path = path;
    }

    /** Takes the answer that holds from now on. */
    public void answer(boolean ready) {
        isReady = ready;
    }

    String path() {
        return path;
    }

    LocalReply reply(boolean isStopping) {
        if (isStopping) {
            return LocalReplies.STOPPING;
        }
        return isReady ? READY : NOT_READY;
    }
}
