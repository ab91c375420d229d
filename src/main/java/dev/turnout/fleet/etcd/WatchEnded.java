package dev.turnout.fleet.etcd;

/** The end of a watch. What happens after it is not seen: read all, and watch anew. */
public final class WatchEnded extends Exception {

    private static final long serialVersionUID = 1L;

    private final long compactRevision;

    private WatchEnded(String message, long compactRevision) {
        super(message);
        this.compactRevision = compactRevision;
    }

    static WatchEnded because(String reason) {
        return new WatchEnded(reason, 0);
    }

    static WatchEnded compacted(long revision) {
        return new WatchEnded("the history before revision " + revision + " is gone", revision);
    }

    /** Returns the revision that the history begins with, if that is why; 0 otherwise. */
    public long compactRevision() {
        return compactRevision;
    }
}
