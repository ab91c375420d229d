package dev.turnout;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The successor's side of a hand-over. {@link HandOver} is the predecessor's side. One thread only. */
final class TakeOver {

    private static final Logger LOG = Logger.getLogger("dev.turnout");

    /** The time in which the predecessor has to hang up. */
    private static final Duration CONSENT = Duration.ofSeconds(5);

    private final Optional<Peer> predecessor;

    private TakeOver(Optional<Peer> predecessor) {
        this.predecessor = predecessor;
    }

    /** Returns the take-over of a process that has no predecessor. */
    static TakeOver none() {
        return new TakeOver(Optional.empty());
    }

    /**
     * Asks the Turnout that uses a state folder, if there is one, for the folder. Blocks until the folder is free.
     *
     * @param patience how long that Turnout may take to answer
     * @throws StartRefused if that Turnout keeps the folder
     */
    static TakeOver request(Path folder, Duration patience) {
        UnixDomainSocketAddress address = HandOverSocket.address(folder);
        if (Files.notExists(address.getPath())) {
            return none();
        }
        try {
            Optional<Peer> predecessor = connected(address);
            if (predecessor.isPresent()) {
                askForFolder(predecessor.get(), patience);
            }
            return new TakeOver(predecessor);
        } catch (IOException e) {
            throw new StartRefused("The Turnout that uses " + folder + " can't be asked to give its place: " + e, e);
        }
    }

    /** Returns the connection to the predecessor; empty if its socket was left behind. */
    private static Optional<Peer> connected(SocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(address);
            return Optional.of(new Peer(channel));
        } catch (ConnectException e) {
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static void askForFolder(Peer predecessor, Duration patience) throws IOException {
        boolean isGiven = false;
        try {
            predecessor.say(HandOver.TAKE_OVER);
            Optional<String> answer = predecessor.hear(patience);
            if (answer.filter(HandOver.YOURS::equals).isEmpty()) {
                throw new StartRefused(refusal(answer));
            }
            isGiven = true;
            LOG.info("The predecessor has given the state away");
        } finally {
            if (!isGiven) {
                close(predecessor);
            }
        }
    }

    private static String refusal(Optional<String> answer) {
        return answer.filter(HandOver.BUSY::equals).isPresent()
                ? "The Turnout that serves is in the middle of a change, and goes on. Try again when that has ended."
                : "The Turnout that serves does not give its place; it may be about to end. Try again.";
    }

    boolean hasPredecessor() {
        return predecessor.isPresent();
    }

    /** Hangs up: the predecessor, if there is one, takes its place back. */
    void giveUp() {
        predecessor.ifPresent(TakeOver::close);
    }

    /**
     * Tells the predecessor that this process serves. Blocks until the predecessor has consented by hanging up.
     *
     * @throws StartRefused if the predecessor has taken its place back
     */
    void complete() {
        if (predecessor.isEmpty()) {
            return;
        }
        try {
            say(HandOver.SERVING, predecessor.get());
            if (predecessor
                    .get()
                    .hear(CONSENT)
                    .filter(HandOver.TAKEN_BACK::equals)
                    .isPresent()) {
                throw new StartRefused(
                        "The Turnout that serves has waited for this one in vain, and goes on. Try again.");
            }
        } catch (SocketTimeoutException e) {
            LOG.warnf("The predecessor does not hang up, and may go on: %s", e.getMessage());
        } catch (IOException e) {
            LOG.debugf("The predecessor has ended: %s", e);
        } finally {
            close(predecessor.get());
        }
    }

    /** Sends a word. Does not fail: a predecessor that has hung up may have sent a word before, which is still read. */
    private static void say(String word, Peer peer) {
        try {
            peer.say(word);
        } catch (IOException e) {
            LOG.warnf("The predecessor has hung up before its time: %s", e);
        }
    }

    private static void close(Peer peer) {
        try {
            peer.close();
        } catch (IOException e) {
            LOG.debug("A connection to the predecessor could not be closed", e);
        }
    }
}
