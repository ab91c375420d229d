package dev.turnout;

import dev.turnout.config.Deadline;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** The connection to the other process of a hand-over. Lines are short, and each has a deadline. One thread only. */
final class Peer implements AutoCloseable {

    /** Every word of the protocol is shorter. */
    private static final int MOST_BYTES = 64;

    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer heard = ByteBuffer.allocate(MOST_BYTES);

    /** @param channel is closed with this peer */
    Peer(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.selector = Selector.open();
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
    }

    /**
     * Returns the next line; empty if the peer has hung up.
     *
     * @throws SocketTimeoutException if no whole line comes in time
     * @throws IOException if the line is longer than any word, or the connection fails
     */
    Optional<String> hear(Duration most) throws IOException {
        Deadline deadline = Deadline.after(most);
        while (true) {
            Optional<String> line = line();
            if (line.isPresent()) {
                return line;
            }
            if (!heard.hasRemaining()) {
                throw new IOException("the peer says what is no word of the hand-over");
            }
            long left = deadline.leftMillis();
            if (left == 0) {
                throw new SocketTimeoutException("the peer said nothing within " + most.toMillis() + " ms");
            }
            selector.select(left);
            selector.selectedKeys().clear();
            if (channel.read(heard) < 0) {
                return Optional.empty();
            }
        }
    }

    /** Returns true if the peer waits for a word: it has not hung up, and has said nothing more. Does not block. */
    boolean isWaiting() {
        try {
            return heard.position() == 0 && channel.read(heard) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Optional<String> line() {
        for (int i = 0; i < heard.position(); i++) {
            if (heard.get(i) == '\n') {
                String line = new String(heard.array(), 0, i, StandardCharsets.US_ASCII);
                heard.flip().position(i + 1);
                heard.compact();
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    /** Sends a word. The system takes a word at once, or the peer is gone. */
    void say(String word) throws IOException {
        ByteBuffer line = StandardCharsets.US_ASCII.encode(word + "\n");
        channel.write(line);
        if (line.hasRemaining()) {
            throw new IOException("the peer takes nothing");
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            selector.close();
        }
    }
}
