package dev.turnout.proxy.folder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * A file that was opened for one answer. Its methods block, and are called by one thread at a time.
 *
 * @param channel reads the file
 * @param name of the file, without the end of a compressed one
 * @param coding what the file is compressed with; empty if it is not
 * @param varies whether there is a compressed file beside it
 * @param size in bytes, when it was opened
 * @param modified when it was changed last
 * @param isSettled false if it was changed so shortly ago that it may change again without a sign
 */
public record OpenFile(
        SeekableByteChannel channel,
        String name,
        String coding,
        boolean varies,
        long size,
        Instant modified,
        boolean isSettled) {

    private static final Logger LOG = Logger.getLogger(OpenFile.class);

    /**
     * Reads from a place of the file as much as there is room for.
     *
     * @return false if the file has become shorter
     */
    public boolean read(long from, ByteBuffer into) throws IOException {
        channel.position(from);
        while (into.hasRemaining()) {
            if (channel.read(into) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Closes the file. A failure changes nothing for anybody. */
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("A file could not be closed", e);
        }
    }
}
