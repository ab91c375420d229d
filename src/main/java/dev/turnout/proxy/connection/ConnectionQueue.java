package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.exchange.QueueFull;
import dev.turnout.proxy.exchange.TargetSource;
import dev.turnout.proxy.exchange.TargetSource.Waiter;
import dev.turnout.proxy.exchange.TargetStream;
import dev.turnout.proxy.loop.Isolated;
import dev.turnout.proxy.route.TargetConnections;
import dev.turnout.proxy.route.TargetState;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one event loop that wait for a connection, since their target has as many connections as it may. They
 * go in the order in which they came. A connection stays on its event loop as long as nobody waits much longer on another
 * one: then it is closed, and the other event loop opens one in its place. A stream of HTTP/2 is of no use to another
 * event loop: it is for those that wait on its own. Event loop only.
 */
final class ConnectionQueue {

    /** A request on another event loop that has waited so much longer gets the next connection. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Where connections come from. */
    interface Source {

        /**
         * Returns a stream over an open connection. Null if there is none for the request.
         *
         * @param isTurn false if a request on another event loop is next: what that one could have instead is not taken
         */
        @Nullable
        TargetStream take(Place place, boolean isTurn);

        /**
         * Opens a connection for a request that has left the queue. Returns false if there may be no further one.
         *
         * @param isTurn false if a request on another event loop is next: what that one could have instead is not opened
         */
        boolean open(Place place, boolean isTurn);

        /** Closes idle connections to a target, so that others may be opened. At most so many. */
        void giveUp(TargetState target, int most);
    }

    private final TargetContext context;
    private final Source source;
    private final Map<TargetState, Set<Place>> waiting = new HashMap<>();

    ConnectionQueue(TargetContext context, Source source) {
        this.context = context;
        this.source = source;
        context.loop().atTick("The requests that wait for a connection", this::look);
    }

    /** One request that waits. */
    final class Place implements TargetSource.Place {

        private final TargetState target;
        private final ClientEnds client;
        private final Waiter waiter;
        private final long sinceNanos = System.nanoTime();

        private Place(TargetState target, ClientEnds client, Waiter waiter) {
            this.target = target;
            this.client = client;
            this.waiter = waiter;
        }

        TargetState target() {
            return target;
        }

        ClientEnds client() {
            return client;
        }

        Waiter waiter() {
            return waiter;
        }

        @Override
        public void leave() {
            if (remove(this) && target.connections().isWaitedFor()) {
                // The turn may have been this request's, and nobody else may have been told.
                wakeNext(target);
            }
        }
    }

    /** Lets a request wait. Returns null if as many wait as may: the waiter is told later whether that is still so. */
    @Nullable
    Place join(TargetState target, ClientEnds client, Waiter waiter) {
        if (admits(target)) {
            return enter(target, client, waiter);
        }
        // A stream that has just become free is about to be given to a request that waits, which leaves its place.
        context.loop().eventLoop().execute(() -> joinAfterAll(target, client, waiter));
        return null;
    }

    private void joinAfterAll(TargetState target, ClientEnds client, Waiter waiter) {
        if (admits(target)) {
            waiter.queued(enter(target, client, waiter));
        } else {
            waiter.failed(new QueueFull());
        }
    }

    private static boolean admits(TargetState target) {
        return target.connections().admit(target.settings().mostWaiting(), target.inFlight());
    }

    private Place enter(TargetState target, ClientEnds client, Waiter waiter) {
        Place place = new Place(target, client, waiter);
        Set<Place> places = waiting.computeIfAbsent(target, first -> new LinkedHashSet<>());
        places.add(place);
        if (places.size() == 1) {
            noteOldest(target, places);
        }
        if (hasIdle(target)) {
            context.neighbours().serveEverywhere(target);
        } else {
            serveSoon(target);
        }
        return place;
    }

    private boolean remove(Place place) {
        TargetState target = place.target;
        Set<Place> places = waiting.get(target);
        if (places == null || !places.remove(place)) {
            return false;
        }
        if (places.isEmpty()) {
            waiting.remove(target);
        }
        noteOldest(target, places);
        target.connections().left();
        return true;
    }

    private void noteOldest(TargetState target, Set<Place> places) {
        TargetConnections connections = target.connections();
        if (places.isEmpty()) {
            connections.nobodyWaits(context.loop().index());
        } else {
            connections.waitsSince(context.loop().index(), places.iterator().next().sinceNanos);
        }
    }

    private void wakeNext(TargetState target) {
        int next = target.connections().longestWait();
        if (next >= 0) {
            context.neighbours().serve(next, target);
        }
    }

    /** Serves the requests that wait for a target, after the event at hand. */
    void serveSoon(TargetState target) {
        context.loop().eventLoop().execute(() -> serve(target));
    }

    /** Returns true if requests wait for a target on this event loop. */
    boolean holds(TargetState target) {
        return waiting.containsKey(target);
    }

    /** Gives what connections there are to requests that wait. Called when there may be one for them. */
    void serve(TargetState target) {
        TargetConnections connections = target.connections();
        for (Place first = first(target); first != null; first = first(target)) {
            boolean isTurn = !connections.isLongerElsewhere(context.loop().index(), PATIENCE_NANOS);
            TargetStream stream = source.take(first, isTurn);
            if (stream == null && !source.open(first, isTurn)) {
                // What is idle here is not for this request: it makes room for what is, here or elsewhere.
                source.giveUp(target, 1);
                if (!isTurn) {
                    wakeNext(target);
                }
                return;
            }
            remove(first);
            if (stream != null && !first.waiter.opened(stream)) {
                stream.close();
            } else if (stream == null) {
                first.waiter.connecting();
            }
        }
        if (connections.isWaitedFor()) {
            source.giveUp(target, connections.waiting());
        }
    }

    private @Nullable Place first(TargetState target) {
        Set<Place> places = waiting.get(target);
        return places == null ? null : places.iterator().next();
    }

    /** Called at each tick: nobody waits where there is room. */
    private void look() {
        if (waiting.isEmpty()) {
            return;
        }
        moveOn();
        for (TargetState target : List.copyOf(waiting.keySet())) {
            if (hasIdle(target)) {
                context.neighbours().serveEverywhere(target);
            } else {
                serve(target);
            }
        }
    }

    /** Returns true if another event loop may have an idle connection. Over HTTP/2 requests do not tell. */
    private static boolean hasIdle(TargetState target) {
        return target.protocol().isHttp2() || target.connections().hasIdle(target.inFlight());
    }

    /** Has each request look for another target that has room, or that gets the requests of its own now. */
    void moveOn() {
        List<Place> places = waiting.values().stream().flatMap(Set::stream).toList();
        places.forEach(place -> Isolated.run("A request that waited for a connection", place.waiter::moveOn));
    }
}
