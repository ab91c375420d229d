package dev.turnout.doctor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/** The first bytes of a connection over HTTP/2 (RFC 9113, section 3.4). Pure. */
final class Http2Greeting {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
    private static final int FRAME_HEADER = 9;
    private static final int SETTINGS = 4;
    private static final int TYPE = 3;
    private static final int FLAGS = 4;

    private Http2Greeting() {}

    /** Returns what a client begins with: the preface, and settings as they are by default. */
    static byte[] ofClient() {
        return ByteBuffer.allocate(PREFACE.length + FRAME_HEADER)
                .put(PREFACE)
                .put(PREFACE.length + TYPE, (byte) SETTINGS)
                .array();
    }

    /** Returns true if the first bytes of a server begin a frame of settings that acknowledges nothing. */
    static boolean isOfServer(byte[] first, int count) {
        return count >= FRAME_HEADER
                && first[TYPE] == SETTINGS
                && first[FLAGS] == 0
                && ByteBuffer.wrap(first).getInt(FLAGS + 1) == 0;
    }
}
