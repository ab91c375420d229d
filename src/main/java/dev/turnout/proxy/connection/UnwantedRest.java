package dev.turnout.proxy.connection;

import dev.turnout.proxy.body.MessageBody;
import io.netty.buffer.ByteBuf;

/** The rest of a request that has been answered: read only to be dropped, within the bounds of {@link Linger}. */
final class UnwantedRest {

    private final MessageBody body;
    private final Linger linger = new Linger();

    /** @param body the request's, which is not whole */
    UnwantedRest(MessageBody body) {
        this.body = body;
    }

    /**
     * Drops what there is.
     *
     * @param in what is no part of the request stays readable
     * @return false if the request is broken, or the client has sent for too long or too much
     */
    boolean drop(ByteBuf in) {
        int taken = body.take(in);
        if (taken == MessageBody.BROKEN || !linger.drop(taken)) {
            return false;
        }
        in.skipBytes(taken);
        return true;
    }

    /** Returns true if the whole request has come. */
    boolean isDropped() {
        return body.isDone();
    }

    /** Returns how much may still be dropped. */
    Linger linger() {
        return linger;
    }
}
