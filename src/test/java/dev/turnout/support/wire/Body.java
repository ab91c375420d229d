package dev.turnout.support.wire;

/**
 * A message body, whole.
 *
 * @param framing what told its end
 * @param length of the content in bytes, without chunk framing
 * @param crc CRC-32 of the content
 * @param content its beginning, at most {@link HttpReader#KEPT} bytes
 */
public record Body(Framing framing, long length, long crc, byte[] content, Fields trailers) {

    static final Body NONE = new Body(Framing.NONE, 0, 0, new byte[0], Fields.NONE);

    /** How a body's end is told: RFC 9112, section 6. */
    public enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        CLOSE
    }
}
