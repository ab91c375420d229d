package dev.turnout.proxy.body;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Server-sent events, without the framing of HTTP: they may be ended behind the empty line that ends an event, and
 * behind comments between two events (HTML standard, section 9.2.5). Lines end with LF, CRLF or CR. Behind a CR its LF
 * may be on the way, unless the line before has ended with CR alone.
 *
 * <p>An EventSource waits three seconds or longer before it asks again, unless it was told how long to wait. So the last
 * words tell it to be back within {@value #MOST_RETRY_MILLIS} ms, each at a time of its own. They dispatch no event.
 */
final class EventStream implements EndlessStream {

    private static final String LF = "\n";
    private static final String CR = "\r";
    private static final String CRLF = "\r\n";
    private static final int LEAST_RETRY_MILLIS = 100;
    private static final int MOST_RETRY_MILLIS = 400;

    /** Reads a buffer by one call of it: a call for each byte costs several times as much. */
    private final ByteProcessor reader = b -> {
        accept(b);
        return true;
    };

    private final ByteProcessor readerToBoundary = b -> {
        accept(b);
        return !isAtBoundary();
    };

    /** Whether the line at hand is empty so far. */
    private boolean lineEmpty = true;

    /** Whether the line at hand is a comment, which belongs to no event: heartbeats are. */
    private boolean comment;

    /** Whether the event at hand has a line. */
    private boolean inEvent;

    private boolean afterCr;

    /** How the last line has ended whose end is known for sure. */
    private String lineEnd = LF;

    @Override
    public void pass(ByteBuf in) {
        in.forEachByte(reader);
    }

    @Override
    public int passToBoundary(ByteBuf in) {
        if (isAtBoundary()) {
            return 0;
        }
        int last = in.forEachByte(readerToBoundary);
        return last < 0 ? NO_BOUNDARY : last + 1 - in.readerIndex();
    }

    @Override
    public boolean isAtBoundary() {
        return lineEmpty && !inEvent && (!afterCr || lineEnd.equals(CR));
    }

    @Override
    public byte[] lastWords(EndReason reason) {
        // A client of a proxy that stops would find nobody if it was back at once.
        if (reason == EndReason.STOPPING) {
            return NO_WORDS;
        }
        int millis = ThreadLocalRandom.current().nextInt(LEAST_RETRY_MILLIS, MOST_RETRY_MILLIS + 1);
        return ("retry: " + millis + lineEnd + lineEnd).getBytes(US_ASCII);
    }

    private void accept(byte b) {
        if (b == '\n') {
            if (!afterCr) {
                endLine();
            }
            lineEnd = afterCr ? CRLF : LF;
            afterCr = false;
        } else if (b == '\r') {
            endLine();
            lineEnd = afterCr ? CR : lineEnd;
            afterCr = true;
        } else {
            lineEnd = afterCr ? CR : lineEnd;
            comment = lineEmpty ? b == ':' : comment;
            lineEmpty = false;
            afterCr = false;
        }
    }

    private void endLine() {
        inEvent = !lineEmpty && (inEvent || !comment);
        lineEmpty = true;
    }
}
