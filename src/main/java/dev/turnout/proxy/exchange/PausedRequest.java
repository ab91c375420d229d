package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.StickySession;
import dev.turnout.proxy.route.SlotAffinity;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.proxy.route.WaitingPlace;
import dev.turnout.routing.Slot;
import org.jspecify.annotations.Nullable;

/** The wait of one request for a service that is paused or held, and its claim of a target afterwards. Event loop only. */
final class PausedRequest implements PausedRequests.Waiting, Wait {

    /** What a waiting request tells its exchange. */
    interface Owner {

        /**
         * Called when the service has been resumed, and a target claimed.
         *
         * @param cookieLine the line that tells the client of its place among all of a canary; null if there is none
         */
        void resumed(TargetState claimed, byte @Nullable [] cookieLine);

        /** Called when the request is to wait no more. */
        void failed(LocalReply reply, ExchangeEnd how);
    }

    private final ExchangeContext context;
    private final PausedRequests room;
    private final @Nullable Slot slot;
    private final @Nullable StickySession session;
    private final @Nullable WaitingPlace place;
    private final boolean paced;
    private final long ownBytes;
    private int kept;
    private final Owner owner;

    /**
     * @param affinity of the claim that has failed
     * @param session what keeps the client at a target; null if nothing does
     * @param ownBytes how many bytes the request itself keeps
     * @param kept how many bytes of what came after the request are kept
     */
    PausedRequest(
            ExchangeContext context,
            PausedRequests room,
            SlotAffinity affinity,
            @Nullable StickySession session,
            long ownBytes,
            int kept,
            Owner owner) {
        this.context = context;
        this.room = room;
        this.slot = affinity.preview();
        this.place = affinity.waitingPlace();
        this.paced = affinity.isPaused();
        this.session = session;
        this.ownBytes = ownBytes;
        this.kept = kept;
        this.owner = owner;
    }

    @Override
    public long bytes() {
        return ownBytes + kept;
    }

    @Override
    public boolean isPaced() {
        return paced;
    }

    /** Begins to wait. Returns false if there is no room. */
    boolean enter() {
        return room.admit(this);
    }

    @Override
    public void leave() {
        room.leave(this);
    }

    @Override
    public boolean keeps(int now) {
        if (now <= kept) {
            return true;
        }
        boolean hasRoom = room.grow(this, now - kept);
        if (hasRoom) {
            kept = now;
        }
        return hasRoom;
    }

    @Override
    public LocalReply tooLate() {
        return LocalReplies.PAUSE_TIMEOUT;
    }

    @Override
    public boolean claimAgain(String service) {
        SlotAffinity affinity = context.affinity().ofWaiting(slot, session, place);
        TargetState claimed = context.routing().claim(service, context.loop().index(), affinity);
        if (claimed == null && affinity.isHeld()) {
            return false;
        }
        leave();
        if (claimed == null) {
            owner.failed(LocalReplies.refusal(affinity), ExchangeEnd.CUT);
        } else {
            owner.resumed(claimed, affinity.cookieLine());
        }
        return true;
    }

    @Override
    public void dismiss(LocalReply reply) {
        owner.failed(reply, ExchangeEnd.CUT);
    }
}
