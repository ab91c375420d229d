package dev.turnout.proxy.exchange;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.folder.FileAnswer;
import dev.turnout.proxy.folder.OpenFile;
import dev.turnout.proxy.http1.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A file in the place of a target: an answer of HTTP/1 whose body is read from the file on other threads, one piece at a
 * time, as fast as the client takes it. A file that has become shorter ends the answer before it is whole. Event loop
 * only.
 */
final class FolderStream implements TargetStream {

    private static final Logger LOG = Logger.getLogger(FolderStream.class);
    private static final int PIECE = 64 * 1024;

    private final ExchangeContext context;
    private final ByteBufAllocator allocator;
    private final OpenFile file;
    private final FileAnswer answer;
    private final Reusability reusability = new Reusability();
    private @Nullable Listener listener;
    private boolean begun;
    private boolean reading = true;
    private boolean busy;
    private boolean closed;
    private long sent;

    /** @param file closed here, and its place left here */
    FolderStream(ExchangeContext context, ByteBufAllocator allocator, OpenFile file, FileAnswer answer) {
        this.context = context;
        this.allocator = allocator;
        this.file = file;
        this.answer = answer;
    }

    @Override
    public void begin(Listener next, boolean hasContent) {
        listener = next;
        later(this::answer);
    }

    /** Runs a task soon. Something that is thrown there ends the answer, as it ends a connection to a target. */
    private void later(Runnable task) {
        context.loop().eventLoop().execute(() -> {
            try {
                task.run();
            } catch (OutOfMemoryError e) {
                context.loop().buffers().refused();
                cut();
            } catch (RuntimeException | Error e) {
                LOG.error("An answer with a file failed on a fault of Turnout's own and was ended", e);
                cut();
            }
        });
    }

    private void cut() {
        Listener told = listener;
        if (told != null) {
            told.readFailed();
            told.closed();
        }
    }

    private void answer() {
        if (closed) {
            return;
        }
        begun = true;
        Listener told = requireNonNull(listener);
        ByteBuf head = allocator.directBuffer(answer.head().length).writeBytes(answer.head());
        told.responseBytes();
        int length = context.scratch().scanResponse(head);
        ResponseHead scanned = context.scratch().responseHead();
        told.responseHead(scanned, length, head);
        readOn();
    }

    private void readOn() {
        if (!begun || !reading || busy || closed || sent == answer.length()) {
            return;
        }
        int size = (int) Math.min(PIECE, answer.length() - sent);
        long from = answer.from() + sent;
        ByteBuf piece = piece(size);
        busy = true;
        boolean runs = piece.isWritable() && context.files().run(() -> arrives(piece, size, read(from, piece, size)));
        if (!runs) {
            arrives(piece, size, false);
        }
    }

    /** Returns a buffer; one without room if there is no memory for it. */
    private ByteBuf piece(int size) {
        try {
            return allocator.directBuffer(size);
        } catch (OutOfMemoryError e) {
            context.loop().buffers().refused();
            return Unpooled.EMPTY_BUFFER;
        }
    }

    private void arrives(ByteBuf piece, int size, boolean isWhole) {
        later(() -> arrived(piece, size, isWhole));
    }

    private boolean read(long from, ByteBuf into, int size) {
        try {
            return file.read(from, into.nioBuffer(0, size));
        } catch (IOException e) {
            return false;
        }
    }

    private void arrived(ByteBuf piece, int size, boolean isWhole) {
        busy = false;
        if (closed) {
            piece.release();
            closeFile();
        } else if (isWhole) {
            sent += size;
            requireNonNull(listener).responseBody(piece.writerIndex(size));
            readOn();
        } else {
            piece.release();
            cut();
        }
    }

    private void end() {
        if (!closed) {
            closed = true;
            listener = null;
            if (!busy) {
                closeFile();
            }
        }
    }

    private void closeFile() {
        context.files().release(file);
    }

    @Override
    public void setReading(boolean on) {
        reading = on;
        readOn();
    }

    @Override
    public boolean isReading() {
        return reading;
    }

    @Override
    public void release(boolean isReusable) {
        end();
    }

    @Override
    public void closeWhenFlushed() {
        end();
    }

    @Override
    public void close() {
        end();
    }

    // --- What a file does not have -----------------------------------------------------------------------------------

    @Override
    public void write(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void flush() {}

    @Override
    public boolean isReused() {
        return false;
    }

    @Override
    public boolean wasIdle() {
        return false;
    }

    @Override
    public boolean hadContentBefore() {
        return false;
    }

    @Override
    public Reusability reusability() {
        return reusability;
    }

    @Override
    public boolean takesMore() {
        return true;
    }

    @Override
    public long backlog() {
        return 0;
    }

    @Override
    public boolean isOutputBroken() {
        return false;
    }

    @Override
    public void announceKeepAlive(int seconds) {}

    @Override
    public void becomeTunnel(boolean halfCloses) {}

    @Override
    public void shutdownOutput() {}
}
