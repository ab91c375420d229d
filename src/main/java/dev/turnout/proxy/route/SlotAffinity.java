package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.SlotCookie;
import dev.turnout.proxy.http1.StickySession;
import dev.turnout.routing.Slot;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of the slot that it should go to, and what its client is to be told: reused from request to
 * request by one event loop.
 */
public final class SlotAffinity implements TargetSelector, CanaryPlace {

    /** The place of a request that no canary gets. */
    private static final int BEHIND_ALL = Integer.MAX_VALUE;

    private final LongSupplier lots;
    private @Nullable RequestHead head;
    private @Nullable ClientInfo client;
    private @Nullable Slot preview;
    private @Nullable StickySession session;
    private @Nullable SlotCookie given;
    private long lot;
    private @Nullable WaitingPlace place;
    private boolean placeTaken;
    private boolean held;
    private boolean paused;
    private boolean drained;

    /**
     * @param lots where the places of new clients come from, evenly over all numbers
     */
    public SlotAffinity(LongSupplier lots) {
        this.lots = lots;
    }

    /**
     * Stands for a request.
     *
     * @param head as scanned; it must not change up to the end of the claim
     * @param preview the slot that is to be looked at; null for what everybody gets
     * @param session what keeps the client at a target; null if nothing does
     */
    public SlotAffinity of(
            @Nullable RequestHead head,
            @Nullable ClientInfo client,
            @Nullable Slot preview,
            @Nullable StickySession session) {
        this.head = head;
        this.client = client;
        this.preview = preview;
        this.session = session;
        place = null;
        placeTaken = false;
        given = null;
        held = false;
        paused = false;
        drained = false;
        return this;
    }

    /**
     * Stands for a request that has waited: its head is gone. Without a place it goes where most go.
     *
     * @param preview the slot that it asked for; null for what everybody gets
     * @param session what keeps the client at a target; null if nothing does
     * @param place that the request had in the canary when it began to wait; null if there was no canary
     */
    public SlotAffinity ofWaiting(
            @Nullable Slot preview, @Nullable StickySession session, @Nullable WaitingPlace place) {
        of(null, null, preview, session);
        this.place = place;
        return this;
    }

    @Override
    public @Nullable TargetState choose(ServiceRoute route, int loop) {
        given = null;
        drained = false;
        placeTaken = false;
        held = route.keepsRequests();
        paused = route.isPaused();
        if (held) {
            keepPlace(route.cookie());
            return null;
        }
        if (preview == null) {
            return route.next(this, session, loop);
        }
        TargetState shown = route.next(preview, loop);
        drained = shown == null && route.isDrained(preview);
        return shown;
    }

    private void keepPlace(@Nullable SlotCookie cookie) {
        if (head != null) {
            place = cookie == null ? null : new WaitingPlace(cookie, place(cookie), cookieLine());
        }
    }

    @Override
    public int place(SlotCookie cookie) {
        if (head == null) {
            placeTaken = place != null && place.isOf(cookie);
            return placeTaken && place != null ? place.place() : BEHIND_ALL;
        }
        int known = cookie.place(head);
        if (known == SlotCookie.NO_PLACE) {
            given = cookie;
            lot = lots.getAsLong();
            known = SlotCookie.place(lot);
        }
        return known;
    }

    /** Returns true if the claim failed only because the service is paused, or keeps its requests for a moment. */
    public boolean isHeld() {
        return held;
    }

    /** Returns true if the service was paused at the last claim. */
    public boolean isPaused() {
        return paused;
    }

    /** Returns the place in the canary that a request keeps which has to wait; null if there is no canary. */
    public @Nullable WaitingPlace waitingPlace() {
        return place;
    }

    /** Returns true if the claim failed because the slot that the request asks for was drained. */
    public boolean isDrained() {
        return drained;
    }

    /** Returns the place in the canary that the request has in a route; null if there is no canary. */
    @Nullable
    WaitingPlace placeIn(ServiceRoute route) {
        keepPlace(route.cookie());
        return place;
    }

    /** Returns the slot that the request asks for; null if it goes where all others go. */
    public @Nullable Slot preview() {
        return preview;
    }

    /** Returns the line of the response that gives the client its place; null if it has one or needs none. */
    public byte @Nullable [] cookieLine() {
        if (placeTaken && place != null) {
            return place.line();
        }
        return given == null || head == null || client == null ? null : given.line(lot, client.isHttps(head));
    }
}
