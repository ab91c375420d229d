package dev.turnout.proxy.listen;

import dev.turnout.proxy.connection.OpenConnection;
import dev.turnout.proxy.connection.Peer;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.tls.ClientHello.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a ClientHello as they come, in any number of pieces. Unfinished ClientHellos count as unfinished heads do:
 * together they have a bound, and so has each address. Event loop only.
 */
final class ReceivedHello {

    private final HandshakeContext handshakes;
    private final OpenConnection owner;
    private final Peer peer;
    private @Nullable ByteBuf bytes;
    private int wanted = 1;

    /** @param owner what is asked to give its unfinished ClientHello up if there is no room for it */
    ReceivedHello(HandshakeContext handshakes, OpenConnection owner, Peer peer) {
        this.handshakes = handshakes;
        this.owner = owner;
        this.peer = peer;
    }

    /** Takes bytes, and returns how far the ClientHello has come. */
    Progress take(ByteBuf in, ByteBufAllocator allocator) {
        ByteBuf all = bytes == null ? in : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, bytes, in);
        bytes = all;
        if (all.readableBytes() < wanted) {
            hold(all);
            return Progress.INCOMPLETE;
        }
        Progress progress = handshakes.hello().scan(all);
        if (progress == Progress.INCOMPLETE) {
            wanted = all.readableBytes() + handshakes.hello().missing();
            hold(all);
        }
        return progress;
    }

    private void hold(ByteBuf in) {
        ByteBuf kept = Buffers.compacted(in);
        bytes = kept;
        handshakes
                .connections()
                .heads()
                .hold(owner, peer.headBudgetKey(handshakes.connections().settings()), kept.capacity());
    }

    /** Gives the bytes away, to whoever calls. */
    @Nullable
    ByteBuf giveAway() {
        ByteBuf all = bytes;
        bytes = null;
        handshakes.connections().heads().release(owner);
        return all;
    }

    /** Drops the bytes, if there are any. */
    void drop() {
        ByteBuf all = giveAway();
        if (all != null) {
            all.release();
        }
    }
}
