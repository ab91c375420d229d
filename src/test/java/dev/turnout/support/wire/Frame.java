package dev.turnout.support.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A WebSocket frame (RFC 6455, section 5.2).
 *
 * @param last whether it ends its message
 */
public record Frame(boolean last, int opcode, byte[] payload) {

    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final int MOST_IN_7_BITS = 125;
    private static final int MOST_IN_16_BITS = 0xffff;

    /** A whole text message. */
    public static Frame text(String text) {
        return new Frame(true, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A whole binary message. */
    public static Frame binary(byte[] payload) {
        return new Frame(true, BINARY, payload);
    }

    /** A Close frame without a reason. */
    public static Frame close(int code) {
        return new Frame(true, CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }

    /** The payload as text. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** The code of a Close frame, 1005 if it has none. */
    public int closeCode() {
        return payload.length < 2 ? 1005 : (payload[0] & 0xff) << 8 | payload[1] & 0xff;
    }

    public boolean isClose() {
        return opcode == CLOSE;
    }

    /** The frame as a client sends it, masked. */
    public byte[] masked() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 14);
        out.write((last ? 0x80 : 0) | opcode);
        if (payload.length <= MOST_IN_7_BITS) {
            out.write(0x80 | payload.length);
        } else if (payload.length <= MOST_IN_16_BITS) {
            out.write(0x80 | 126);
            number(out, 2);
        } else {
            out.write(0x80 | 127);
            number(out, 8);
        }
        byte[] key = new byte[4];
        ThreadLocalRandom.current().nextBytes(key);
        out.writeBytes(key);
        byte[] content = payload.clone();
        for (int i = 0; i < content.length; i++) {
            content[i] ^= key[i & 3];
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private void number(ByteArrayOutputStream out, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.write((int) ((long) payload.length >> shift));
        }
    }

    @Override
    public String toString() {
        return "frame " + opcode + (last ? "" : " (more)") + " of " + payload.length + " bytes"
                + (isClose() ? " " + closeCode() : "");
    }
}
