package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.SlotCookie;
import dev.turnout.proxy.http1.StickySession;
import dev.turnout.routing.Canary;
import dev.turnout.routing.Maintenance;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the requests of one service go under one routing state: the one place that decides which slot, and through its
 * {@link Rotation} which target, gets a request.
 */
public final class ServiceRoute {

    private final ServiceMatch match;
    private final Slot activeSlot;
    private final long revision;
    private final Rotation active;
    private final Rotation idle;
    private final List<TargetState> resting;
    private final int weight;
    private final @Nullable SlotCookie cookie;
    private final boolean paused;
    private final boolean held;
    private final @Nullable MaintenanceRoute maintenance;
    private final AssetBridge.End bridgeEnd;

    /**
     * @param active the targets in rotation of the active slot
     * @param idle those of the idle slot
     * @param resting the targets of the active slot that are out of rotation
     * @param bridgeEnd until when assets are asked of the other slot
     */
    ServiceRoute(
            ServiceMatch match,
            Service service,
            List<TargetState> active,
            List<TargetState> idle,
            List<TargetState> resting,
            int loops,
            AssetBridge.End bridgeEnd) {
        this.match = match;
        this.activeSlot = service.active();
        this.revision = service.revision();
        this.active = new Rotation(active, match.balance(), loops);
        this.idle = new Rotation(idle, match.balance(), loops);
        this.resting = List.copyOf(resting);
        this.weight = service.canaryWeight();
        this.cookie = service.canary()
                .map(Canary::key)
                .map(key -> new SlotCookie(key, match.path()))
                .orElse(null);
        this.bridgeEnd = bridgeEnd;
        this.paused = service.paused();
        this.held = false;
        this.maintenance = service.maintenance()
                .map(Maintenance::terms)
                .map(MaintenanceRoute::of)
                .orElse(null);
    }

    private ServiceRoute(ServiceRoute other, boolean held) {
        match = other.match;
        activeSlot = other.activeSlot;
        revision = other.revision;
        active = other.active;
        idle = other.idle;
        resting = other.resting;
        weight = other.weight;
        cookie = other.cookie;
        paused = other.paused;
        maintenance = other.maintenance;
        bridgeEnd = other.bridgeEnd;
        this.held = held;
    }

    /** Returns the same route, with new requests kept or let go. */
    ServiceRoute held(boolean isHeld) {
        return new ServiceRoute(this, isHeld);
    }

    public String service() {
        return match.service();
    }

    public ServiceMatch entrance() {
        return match;
    }

    /** Returns the revision of the service's routing. */
    public long revision() {
        return revision;
    }

    /** Returns what is done with requests while the service is under maintenance; null if it is not. */
    public @Nullable MaintenanceRoute maintenance() {
        return maintenance;
    }

    boolean isPaused() {
        return paused;
    }

    /** Returns true if new requests wait: for a resume, or for the end of a hold. */
    boolean keepsRequests() {
        return paused || held;
    }

    /** Returns the cookie of the canary; null if there is none. */
    @Nullable
    SlotCookie cookie() {
        return cookie;
    }

    /** Returns true if a slot was the active one here. */
    boolean isActive(Slot slot) {
        return slot == activeSlot;
    }

    /** Returns true if new requests are sent to a target without being asked to. */
    boolean sendsTo(TargetState target) {
        return active.upstreams().contains(target)
                || weight > 0 && idle.upstreams().contains(target);
    }

    /** Returns the targets in rotation that get no requests now, since they do not work and another one does. */
    public List<TargetState> passedOver() {
        return active.passedOver();
    }

    /**
     * Returns the target of the next request of a client; of the canary's only one that works.
     *
     * @param session what keeps the client at a target; null if nothing does
     */
    @Nullable
    TargetState next(CanaryPlace client, @Nullable StickySession session, int loop) {
        if (weight > 0 && cookie != null && client.place(cookie) < weight) {
            TargetState canary = working(idle, session, loop, null);
            if (canary != null) {
                return canary;
            }
        }
        if (session == null) {
            return active.next(loop, null);
        }
        TargetState draining = draining(session);
        TargetState working = draining == null ? working(active, session, loop, null) : draining;
        return working == null ? active.next(loop, null) : working;
    }

    private static @Nullable TargetState working(
            Rotation rotation, @Nullable StickySession session, int loop, @Nullable TargetState failed) {
        if (session == null || !session.isKept()) {
            return rotation.nextWorking(loop, failed);
        }
        TargetState kept = failed == null ? rotation.keptAt(session) : null;
        return kept == null ? rotation.newHome(session, failed) : kept;
    }

    /** Returns the target that a session is kept at while it drains. */
    private @Nullable TargetState draining(StickySession session) {
        for (TargetState target : resting) {
            if (session.isKeptAt(target.stickyTag()) && target.isOpenToSessions() && !target.isSuspended()) {
                return target;
            }
        }
        return null;
    }

    /** Returns the target of the next request that asks for a slot; null if none there is open to it. */
    @Nullable
    TargetState next(Slot slot, int loop) {
        return rotation(slot).nextOpen(loop);
    }

    /**
     * Returns the target of the other slot that an asset is asked of. Both slots have pages that clients still see: during a
     * canary, and for a while after a flip, until the slot is drained.
     *
     * @param lacking the slot that does not have the asset
     * @param nanoTime now
     * @return null if the other slot is not asked
     */
    public @Nullable TargetState across(Slot lacking, int loop, long nanoTime) {
        boolean isOver = weight == 0 && nanoTime - bridgeEnd.nanos() >= 0;
        return isOver ? null : rotation(lacking.other()).nextOpenAndWorking(loop);
    }

    /**
     * Returns the target of the other slot that an asset is asked of although that slot is drained: for as long after a flip
     * as the service says.
     *
     * @param lacking the slot that does not have the asset
     * @param nanoTime now
     * @return null if the other slot is not asked
     */
    @Nullable
    TargetState acrossDrain(Slot lacking, int loop, long nanoTime) {
        boolean isOver = match.assets().drainedNanos() == 0 || nanoTime - bridgeEnd.drainedNanos() >= 0;
        return isOver ? null : rotation(lacking.other()).nextDrainedAndWorking(loop);
    }

    /**
     * Returns true if copies of requests to a slot may go to the idle slot: nothing but the active slot serves, and all
     * clients are served.
     */
    public boolean rehearses(Slot slot) {
        return slot == activeSlot && weight == 0 && !paused && maintenance == null;
    }

    /** Returns the target of the idle slot that gets the next copy of a request; null if there is none. */
    public @Nullable TargetState nextIdle(int loop) {
        return idle.nextRehearsing(loop);
    }

    AssetBridge.End bridgeEnd() {
        return bridgeEnd;
    }

    /**
     * Returns the target of a request for an asset that the other slot has not answered: one of the slot that lacks the
     * asset, or else of the active one.
     */
    public @Nullable TargetState back(Slot lacking, int loop) {
        TargetState canary = lacking == activeSlot || weight == 0 ? null : idle.nextWorking(loop, null);
        return canary == null ? active.next(loop, null) : canary;
    }

    /** Returns true if a slot has targets in rotation and a drain has closed all of them to previews. */
    boolean isDrained(Slot slot) {
        return rotation(slot).isClosed();
    }

    /**
     * Returns the target of a request whose own could not be reached: one of the same slot, or else of the active one.
     *
     * @param session what keeps the client at a target; null if nothing does
     */
    public @Nullable TargetState insteadOf(TargetState failed, @Nullable StickySession session, int loop) {
        if (failed.slot() != activeSlot && weight > 0) {
            TargetState sibling = working(idle, session, loop, failed);
            if (sibling != null) {
                return sibling;
            }
        }
        TargetState working = session == null ? null : working(active, session, loop, failed);
        return working == null ? active.next(loop, failed) : working;
    }

    /**
     * Returns the target that a request goes to instead of waiting for a connection: one with room, or, if its own gets no
     * new requests any more, the one that the next request would get.
     *
     * @param full where the request waits
     * @param session what keeps the client at a target; null if nothing does
     * @return null if the request is to wait on
     */
    public @Nullable TargetState insteadOfWaiting(TargetState full, @Nullable StickySession session, int loop) {
        boolean isKept = session != null && session.isKeptAt(full.stickyTag());
        if (sendsTo(full)) {
            return isKept ? null : rotation(full.slot()).withRoomBeside(full, loop);
        }
        // Where the requests of a paused service go is not known yet. This one was let in before.
        if (paused || isKept && full.isOpenToSessions()) {
            return null;
        }
        TargetState working = session == null ? null : working(active, session, loop, null);
        return working == null ? active.next(loop, null) : working;
    }

    private Rotation rotation(Slot slot) {
        return slot == activeSlot ? active : idle;
    }
}
