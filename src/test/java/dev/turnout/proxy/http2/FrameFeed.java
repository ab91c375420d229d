package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames as a connection does: bytes come in pieces of any size, DATA goes on as it comes, every other payload once
 * it is whole. Writes down what it has read, one line for each frame, the pieces of one DATA in one line.
 */
final class FrameFeed {

    private final FrameScanner scanner;
    private final List<String> events = new ArrayList<>();
    private byte[] kept = {};
    private boolean headerRead;
    private boolean isPassedBy;
    private String data = "";
    private @Nullable Violation end;

    FrameFeed(FrameScanner scanner) {
        this.scanner = scanner;
    }

    FrameScanner scanner() {
        return scanner;
    }

    List<String> events() {
        return events;
    }

    /** What has ended the connection; null if nothing has. */
    @Nullable
    Violation end() {
        return end;
    }

    /** The bytes that were not enough for anything yet. */
    int rest() {
        return kept.length;
    }

    void feed(byte[] bytes, int from, int to) {
        if (end != null) {
            return;
        }
        byte[] all = Arrays.copyOf(kept, kept.length + to - from);
        System.arraycopy(bytes, from, all, kept.length, to - from);
        int at = 0;
        int next = step(all, at);
        while (next > at && end == null) {
            at = next;
            next = step(all, at);
        }
        kept = Arrays.copyOfRange(all, at, all.length);
    }

    /** Takes one step. Returns where it ends, which is {@code at} if more is needed. */
    private int step(byte[] bytes, int at) {
        int readable = bytes.length - at;
        if (!headerRead) {
            if (readable < FrameScanner.HEADER_LENGTH) {
                return at;
            }
            return header(bytes, at);
        }
        if (!isPassedBy && scanner.type() == FrameType.DATA) {
            return data(bytes, at, readable);
        }
        if (readable < scanner.length()) {
            return at;
        }
        return payload(bytes, at);
    }

    private int header(byte[] bytes, int at) {
        long eight = 0;
        for (int i = 0; i < 8; i++) {
            eight = eight << 8 | bytes[at + i] & 0xff;
        }
        Violation violation = scanner.header(eight, bytes[at + 8]);
        headerRead = true;
        isPassedBy = violation != null;
        data = "";
        note(violation);
        int next = at + FrameScanner.HEADER_LENGTH;
        // What needs no octets is done at once.
        return violation == null || !violation.endsConnection() ? withoutPayload(bytes, next) : next;
    }

    private int withoutPayload(byte[] bytes, int at) {
        if (scanner.length() > 0) {
            return at;
        }
        return scanner.type() == FrameType.DATA && !isPassedBy ? data(bytes, at, 0) : payload(bytes, at);
    }

    private int payload(byte[] bytes, int at) {
        if (!isPassedBy) {
            Violation violation = scanner.payload(bytes, at);
            note(violation);
            if (scanner.type() == FrameType.SETTINGS && !scanner.isAcknowledgement()) {
                note(new PeerSettings(false).take(bytes, at, at + scanner.length()));
            }
            if (end == null) {
                events.add(describe(bytes, at));
            }
        }
        headerRead = false;
        return at + scanner.length();
    }

    private int data(byte[] bytes, int at, int readable) {
        int next = at;
        if (scanner.wantsPadding()) {
            if (readable == 0) {
                return at;
            }
            note(scanner.padding(bytes[next++]));
            if (end != null) {
                return next;
            }
        }
        int count = Math.min(scanner.dataRemaining(), bytes.length - next);
        data += new String(bytes, next, count, ISO_8859_1);
        scanner.skipData(count);
        next += count;
        if (scanner.dataRemaining() == 0) {
            int padding = Math.min(scanner.paddingRemaining(), bytes.length - next);
            scanner.skipPadding(padding);
            next += padding;
            if (scanner.paddingRemaining() == 0) {
                events.add("DATA " + scanner.stream() + ends() + " " + data);
                headerRead = false;
            }
        }
        return next;
    }

    private void note(@Nullable Violation violation) {
        if (violation != null) {
            events.add(violation + " " + scanner.stream());
            end = violation.endsConnection() ? violation : null;
        }
    }

    private String ends() {
        return scanner.endsStream() ? " ends" : "";
    }

    private String describe(byte[] bytes, int at) {
        String text = scanner.type() + " " + scanner.stream();
        return switch (scanner.type()) {
            case HEADERS, CONTINUATION ->
                text
                        + ends()
                        + (scanner.isEndOfBlock() ? " whole " : " part ")
                        + new String(
                                bytes,
                                scanner.fragmentStart(),
                                scanner.fragmentEnd() - scanner.fragmentStart(),
                                ISO_8859_1);
            case RST_STREAM -> text + " " + scanner.errorCode();
            case SETTINGS, PING ->
                text
                        + (scanner.isAcknowledgement() ? " ack " : " ")
                        + (scanner.type() == FrameType.PING ? Long.toHexString(scanner.opaque()) : "")
                        + (scanner.type() == FrameType.SETTINGS
                                ? new String(bytes, at, scanner.length(), ISO_8859_1)
                                : "");
            case GOAWAY -> text + " " + scanner.lastStream() + " " + scanner.errorCode();
            case WINDOW_UPDATE -> text + " " + scanner.increment();
            case DATA, PRIORITY, PUSH_PROMISE, UNKNOWN -> text;
        };
    }
}
