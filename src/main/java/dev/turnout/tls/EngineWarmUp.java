package dev.turnout.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;

/**
 * Handshakes that the engine of the Java virtual machine makes with itself in memory, so that the first clients do not
 * wait for its compiler.
 */
final class EngineWarmUp {

    private static final Logger LOG = Logger.getLogger(EngineWarmUp.class);
    private static final int HANDSHAKES = 200;
    private static final Duration LONGEST = Duration.ofSeconds(3);
    private static final int MOST_TURNS = 20;

    private EngineWarmUp() {}

    /**
     * Makes the handshakes. Blocks.
     *
     * @param server the context of a pair that is its own authority
     * @return how many handshakes were completed
     */
    static int run(SslContext server, CertificatePair pair) {
        long start = System.nanoTime();
        int done = 0;
        try {
            SslContext client = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .trustManager(pair.chain().certificate())
                    .endpointIdentificationAlgorithm(null)
                    .build();
            while (done < HANDSHAKES && System.nanoTime() - start < LONGEST.toNanos()) {
                if (!handshake(server, client)) {
                    break;
                }
                done++;
            }
        } catch (SSLException e) {
            LOG.debugf("No handshakes were made in advance: %s", e);
        }
        LOG.debugf("%d handshakes made in advance", done);
        return done;
    }

    private static boolean handshake(SslContext server, SslContext client) {
        SslHandler serverSide = server.newHandler(ByteBufAllocator.DEFAULT);
        SslHandler clientSide = client.newHandler(ByteBufAllocator.DEFAULT);
        EmbeddedChannel there = new EmbeddedChannel(serverSide);
        EmbeddedChannel here = new EmbeddedChannel(clientSide);
        for (int i = 0; i < MOST_TURNS && !isDone(serverSide, clientSide); i++) {
            pass(here, there);
            pass(there, here);
        }
        boolean isDone = isDone(serverSide, clientSide);
        here.finishAndReleaseAll();
        there.finishAndReleaseAll();
        return isDone;
    }

    private static boolean isDone(SslHandler one, SslHandler other) {
        return one.handshakeFuture().isSuccess() && other.handshakeFuture().isSuccess();
    }

    private static void pass(EmbeddedChannel from, EmbeddedChannel to) {
        from.runPendingTasks();
        for (Object bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            to.writeInbound(bytes == Unpooled.EMPTY_BUFFER ? Unpooled.buffer(0) : bytes);
        }
    }
}
