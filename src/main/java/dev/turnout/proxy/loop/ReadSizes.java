package dev.turnout.proxy.loop;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * How much the next read of a connection may bring: eight times as much once a read has brought all it might, and half
 * as much once {@value #SMALL_READS} reads in a row would have fitted in that.
 *
 * <p>Netty's own adaptive allocator shrinks with the second small read. A body that is a little larger than one of its
 * sizes is then read in two pieces, and sent on in two, every time.
 */
final class ReadSizes extends DefaultMaxMessagesRecvByteBufAllocator {

    private static final int SMALL_READS = 16;
    private static final int GROWTH = 8;

    private final int smallest;
    private final int largest;

    /**
     * One read for each wake-up: what it brings is passed on before the next. All sizes are in bytes.
     *
     * @param smallest the size of the first read of a connection too
     */
    ReadSizes(int smallest, int largest) {
        super(1);
        this.smallest = smallest;
        this.largest = largest;
    }

    @Override
    public RecvByteBufAllocator.ExtendedHandle newHandle() {
        return new Size();
    }

    private final class Size extends MaxMessageHandle {

        private int size = smallest;
        private int smallReads;

        @Override
        public int guess() {
            return size;
        }

        @Override
        public void lastBytesRead(int bytes) {
            super.lastBytesRead(bytes);
            if (bytes >= size) {
                size = Math.min(size * GROWTH, largest);
                smallReads = 0;
            } else if (bytes > size / 2) {
                smallReads = 0;
            } else if (bytes > 0 && ++smallReads == SMALL_READS) {
                size = Math.max(size / 2, smallest);
                smallReads = 0;
            }
        }
    }
}
