package dev.turnout.proxy.http2;

/**
 * What one connection may still spend on frames that cost more than they do: earned back by requests that are
 * completed, by data that passes, and slowly by time. Not safe for use by more than one thread.
 */
public final class FloodBudget {

    /**
     * What is paid for. A reset costs the work that was begun for its stream, unless a target or a drain has caused it.
     */
    public enum Cost {
        RESET(20),
        SETTINGS(10),
        CONTINUATION(4),
        /** A 1xx response. One a second is earned back by time. */
        INTERIM_RESPONSE(4),
        PING(2),
        EMPTY_DATA(2),
        /** A WINDOW_UPDATE that adds less than {@link FloodBudget#SMALL_UPDATE}. */
        SMALL_UPDATE(1),
        /** PRIORITY, and frames of unknown types. */
        NOTHING(1);

        private final int units;

        Cost(int units) {
            this.units = units;
        }
    }

    public static final int SMALL_UPDATE = 1024;

    private static final int PER_REQUEST = 40;
    private static final int PER_DATA = 2;
    private static final int PER_SECOND = 4;
    private static final int SECOND_MILLIS = 1000;

    /** A peer may answer each frame of data by an update of the stream and one of the connection. */
    private static final int UPDATES_PER_DATA = 2;

    private static final int MOST_UPDATES = 100_000;

    /** A peer may answer each frame of data by a PING that measures the way, as gRPC does. */
    private static final int PINGS_PER_DATA = 1;

    private static final int MOST_PINGS = 50_000;

    private final int most;
    private int units;
    private long refilledMillis;
    private int freeUpdates;
    private int freePings;

    /**
     * @param most the units at the beginning, and the most there can be
     * @param nowMillis milliseconds from an arbitrary origin
     */
    public FloodBudget(int most, long nowMillis) {
        this.most = most;
        this.units = most;
        this.refilledMillis = nowMillis;
    }

    /**
     * Pays for a frame.
     *
     * @return false if there is not enough left: the connection ends
     */
    public boolean pay(Cost cost, long nowMillis) {
        if (cost == Cost.SMALL_UPDATE && freeUpdates > 0) {
            freeUpdates--;
            return true;
        }
        if (cost == Cost.PING && freePings > 0) {
            freePings--;
            return true;
        }
        if (units < cost.units) {
            refill(nowMillis);
        }
        units -= cost.units;
        return units >= 0;
    }

    private void refill(long nowMillis) {
        long seconds = (nowMillis - refilledMillis) / SECOND_MILLIS;
        refilledMillis += seconds * SECOND_MILLIS;
        earn((int) Math.min(most, seconds * PER_SECOND));
    }

    /** Called when a request has got its whole response. */
    public void requestCompleted() {
        earn(PER_REQUEST);
    }

    /**
     * Called when a DATA frame with data has been sent: small updates and a PING may answer it. A peer that opens its
     * windows by single octets earns nothing by it.
     *
     * @param isCut whether the windows have made the frame as small as it is
     */
    public void dataSent(int count, boolean isCut) {
        if (count >= SMALL_UPDATE) {
            dataPassed();
        }
        if (!isCut) {
            freeUpdates = Math.min(MOST_UPDATES, freeUpdates + UPDATES_PER_DATA);
            freePings = Math.min(MOST_PINGS, freePings + PINGS_PER_DATA);
        }
    }

    /** Called when a DATA frame with data has gone either way. */
    public void dataPassed() {
        earn(PER_DATA);
    }

    private void earn(int more) {
        units = Math.min(most, units + more);
    }
}
