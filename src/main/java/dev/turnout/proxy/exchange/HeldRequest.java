package dev.turnout.proxy.exchange;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.folder.FileWish;
import dev.turnout.proxy.folder.OpenFile;
import dev.turnout.proxy.route.WaitingPlace;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The wait of one request for what rules have to find out off the event loop, one after the other. Event loop only. */
final class HeldRequest implements Wait, Hold.Waiter {

    /** How long a request waits at most. Milliseconds. */
    static final long MOST_MILLIS = 10_000;

    /** What a request that was held tells its exchange. */
    interface Owner {

        /** Called when the password of a user was right. */
        void recognised(String user);

        /**
         * Called when the request goes on to a target.
         *
         * @param place that the request has in a canary; null if there was no canary when it began to wait
         */
        void letGo(@Nullable WaitingPlace place);

        /** Called when the request is answered with a file, as {@link Hold.Waiter#served}. */
        void served(OpenFile file, FileWish wish);

        /** Called when the request is answered as a later rule says. */
        void answered(LocalReply reply, LocalReply.Form form);

        /** Called when the request is refused. */
        void refused(LocalReply reply, LocalReply.Form form);
    }

    private final Iterator<Hold> left;
    private final @Nullable LocalReply answer;
    private final LocalReply.Form answerForm;
    private final LocalReply.Form form;
    private final @Nullable WaitingPlace place;
    private final Owner owner;
    private @Nullable Hold current;

    /**
     * @param answer what a later rule answers the request with once nothing holds it any more; null if the request goes
     *     on to a target then
     * @param answerForm the form of that answer
     * @param form the form of any other answer
     * @param place that the request has in a canary; null if there is no canary
     */
    HeldRequest(
            List<Hold> holds,
            @Nullable LocalReply answer,
            LocalReply.Form answerForm,
            LocalReply.Form form,
            @Nullable WaitingPlace place,
            Owner owner) {
        this.left = holds.iterator();
        this.answer = answer;
        this.answerForm = answerForm;
        this.form = form;
        this.place = place;
        this.owner = owner;
    }

    /** Begins to wait. The owner may be called before this method has returned. */
    void begin() {
        goesOn();
    }

    @Override
    public void goesOn() {
        if (left.hasNext()) {
            current = left.next();
            current.begin(this);
            return;
        }
        current = null;
        if (answer == null) {
            owner.letGo(place);
        } else {
            owner.answered(answer, answerForm);
        }
    }

    @Override
    public void recognised(String user) {
        owner.recognised(user);
    }

    @Override
    public void refused(LocalReply reply) {
        current = null;
        owner.refused(reply, form);
    }

    @Override
    public void served(OpenFile file, FileWish wish) {
        current = null;
        owner.served(file, wish);
    }

    @Override
    public boolean keeps(int kept) {
        return true;
    }

    @Override
    public LocalReply tooLate() {
        return requireNonNull(current).tooLate();
    }

    @Override
    public void leave() {
        if (current != null) {
            current.giveUp();
            current = null;
        }
    }
}
