package dev.turnout.proxy.connection;

import dev.turnout.proxy.loop.LoopContext;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The end of a client's HTTP/2 connection for no fault. A stop asks for no more streams by a GOAWAY with the highest
 * number, and a PING. Once the client has answered, or its time to answer is over, a second GOAWAY names the last
 * stream. The connection ends with that stream. A client that leaves by itself says GOAWAY first. Event loop only.
 */
final class Http2Stop {

    /** The clients of a process that stops are told so within this time, not all at once. Milliseconds. */
    private static final long SPREAD_MILLIS = 500;

    /** The connection that is to end. */
    interface Connection {

        boolean hasEnded();

        /** Ends the connection, which has no streams any more. */
        void close();
    }

    private enum Step {
        NOT_BEGUN,
        BEGUN,
        ANNOUNCED,
        TAKES_NO_MORE
    }

    private final LoopContext loop;
    private final Http2Streams streams;
    private final Connection connection;
    private Step step = Step.NOT_BEGUN;
    private boolean clientLeaves;

    Http2Stop(LoopContext loop, Http2Streams streams, Connection connection) {
        this.loop = loop;
        this.streams = streams;
        this.connection = connection;
    }

    /** Begins a stop. */
    void begin() {
        if (step == Step.NOT_BEGUN && !connection.hasEnded()) {
            step = Step.BEGUN;
            later(this::announce, ThreadLocalRandom.current().nextLong(SPREAD_MILLIS));
        }
    }

    private void later(Runnable task, long millis) {
        loop.eventLoop().schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    private void announce() {
        if (!connection.hasEnded()) {
            step = Step.ANNOUNCED;
            streams.announceEnd();
            later(this::takeNoMore, ConnectionContext.STOP_GRACE_MILLIS);
        }
    }

    /** Called when the client has answered a PING: it has read what was sent before. */
    void pingAnswered() {
        if (step == Step.ANNOUNCED) {
            takeNoMore();
        }
    }

    private void takeNoMore() {
        if (connection.hasEnded() || step == Step.TAKES_NO_MORE) {
            return;
        }
        step = Step.TAKES_NO_MORE;
        if (streams.areNone()) {
            connection.close();
        } else {
            streams.takeNoMore();
        }
    }

    /** Called when the client says that it opens no more streams. */
    void clientLeaves() {
        clientLeaves = true;
        if (streams.areNone()) {
            connection.close();
        }
    }

    /** Called when the last stream has ended. */
    void emptied() {
        if (!connection.hasEnded() && (step == Step.TAKES_NO_MORE || clientLeaves)) {
            connection.close();
        }
    }
}
