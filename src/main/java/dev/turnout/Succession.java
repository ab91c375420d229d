package dev.turnout;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The taking of a predecessor's place, as the successor sees it; what the other one does is at {@link HandOver}. */
final class Succession {

    private static final Logger LOG = Logger.getLogger("dev.turnout");

    private final Optional<SocketChannel> predecessor;

    private Succession(Optional<SocketChannel> predecessor) {
        this.predecessor = predecessor;
    }

    /** There is nobody to succeed to. */
    static Succession none() {
        return new Succession(Optional.empty());
    }

    /**
     * Asks the Turnout that uses a state folder, if there is one, for the folder; blocks until it is free.
     *
     * @throws StartRefused if it is not given
     */
    static Succession request(Path folder) {
        SocketChannel predecessor = null;
        try {
            var address = HandOver.address(folder);
            if (Files.notExists(address.getPath())) {
                return none();
            }
            predecessor = SocketChannel.open(StandardProtocolFamily.UNIX);
            predecessor.connect(address);
            HandOver.say(predecessor, HandOver.TAKE_OVER);
            // Nothing comes behind the answer, so this reader may read ahead.
            String answer = new BufferedReader(Channels.newReader(predecessor, StandardCharsets.US_ASCII)).readLine();
            if (!HandOver.YOURS.equals(answer)) {
                close(predecessor);
                throw new StartRefused(refusal(answer), null);
            }
            LOG.info("The predecessor has given the state away");
            return new Succession(Optional.of(predecessor));
        } catch (ConnectException e) {
            close(predecessor);
            return none();
        } catch (IOException e) {
            close(predecessor);
            throw new StartRefused("The Turnout that uses " + folder + " can't be asked to give its place: " + e, e);
        }
    }

    private static String refusal(String answer) {
        return HandOver.BUSY.equals(answer)
                ? "The Turnout that serves is in the middle of a change, and goes on. Try again when that has ended."
                : "The Turnout that serves does not give its place; it may be about to end. Try again.";
    }

    /** Tells the predecessor that this process serves: it ends now. */
    void complete() {
        predecessor.ifPresent(peer -> {
            try {
                HandOver.say(peer, HandOver.SERVING);
            } catch (IOException e) {
                LOG.warnf("The predecessor has ended before its time: %s", e);
            }
            close(peer);
        });
    }

    private static void close(SocketChannel peer) {
        try {
            if (peer != null) {
                peer.close();
            }
        } catch (IOException e) {
            LOG.debug("A connection to the predecessor could not be closed", e);
        }
    }
}
