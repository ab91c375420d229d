package dev.turnout.support.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * Content of any length that shows every byte lost, doubled or moved.
 *
 * @param length in bytes
 * @param seed other seeds, other content
 */
public record Payload(long length, long seed) {

    /** A prime, so that content shifted by a buffer's size never looks right. */
    private static final int PERIOD = 65_521;

    /** Writes all of it. */
    public void writeTo(OutputStream out) throws IOException {
        byte[] period = period();
        for (long left = length; left > 0; left -= PERIOD) {
            out.write(period, 0, (int) Math.min(left, PERIOD));
        }
    }

    /** Its CRC-32, to be compared with {@link Body#crc()}. */
    public long crc() {
        byte[] period = period();
        CRC32 crc = new CRC32();
        for (long left = length; left > 0; left -= PERIOD) {
            crc.update(period, 0, (int) Math.min(left, PERIOD));
        }
        return crc.getValue();
    }

    private byte[] period() {
        byte[] period = new byte[PERIOD];
        new Random(seed).nextBytes(period);
        return period;
    }
}
