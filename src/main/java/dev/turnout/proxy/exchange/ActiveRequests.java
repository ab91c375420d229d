package dev.turnout.proxy.exchange;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The requests of one event loop that are in flight. Event loop only. */
public final class ActiveRequests {

    private final int loop;
    private final RequestCount all;
    private @Nullable ActiveRequest first;
    private int count;

    /** @param loop the index of the event loop */
    public ActiveRequests(int loop, RequestCount all) {
        this.loop = loop;
        this.all = all;
    }

    void add(ActiveRequest request) {
        all.note(loop, ++count);
        request.next = first;
        if (first != null) {
            first.previous = request;
        }
        first = request;
    }

    /** Does nothing for a request that is not in the list. */
    void remove(ActiveRequest request) {
        if (request.previous != null) {
            request.previous.next = request.next;
        } else if (first == request) {
            first = request.next;
        } else {
            return;
        }
        all.note(loop, --count);
        if (request.next != null) {
            request.next.previous = request.previous;
        }
        request.previous = null;
        request.next = null;
    }

    /**
     * Returns true if as many requests are in flight, on all event loops, as a limit allows this connection.
     *
     * @param ofConnection how many requests the connection has at a time, with the one in question
     */
    boolean haveReached(int limit, int ofConnection) {
        return all.hasReached(limit, ofConnection);
    }

    /** Returns the requests of now, as a list that does not change. */
    public List<ActiveRequest> list() {
        List<ActiveRequest> requests = new ArrayList<>();
        for (ActiveRequest request = first; request != null; request = request.next) {
            requests.add(request);
        }
        return requests;
    }
}
