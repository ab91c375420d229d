package dev.turnout.proxy.connection;

import dev.turnout.proxy.loop.PlainSocket;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * The ends of a connection over TLS. A close_notify says that what came before is whole, and is sent before the FIN (RFC
 * 8446, section 6.1). Where a message was cut there is none, so that the peer sees it.
 */
public final class TlsEnd implements ConnectionEnd {

    private final DuplexChannel channel;
    private final SslHandler ssl;
    private boolean outputEnded;

    public TlsEnd(DuplexChannel channel, SslHandler ssl) {
        this.channel = channel;
        this.ssl = ssl;
    }

    @Override
    public void shutdownOutput() {
        outputEnded = true;
        ssl.closeOutbound().addListener(sent -> channel.shutdownOutput());
    }

    @Override
    public void close() {
        ssl.closeOutbound();
        closeBelow();
    }

    @Override
    public void abort(boolean reset) {
        if (reset) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        closeBelow();
    }

    /** A close that passed through the handler of TLS would send a close_notify, and wait until it is taken. */
    private void closeBelow() {
        ChannelHandlerContext context = channel.pipeline().context(ssl);
        if (context != null) {
            context.close();
        }
    }

    @Override
    public boolean isInputEnd(Object event) {
        return event == SslCloseCompletionEvent.SUCCESS || PlainEnd.isEndOfStream(event);
    }

    @Override
    public @Nullable PlainSocket socket() {
        return null;
    }

    /** Some engines answer a peer's close_notify with their own at once, and nothing can be sent behind that. */
    @Override
    public boolean isOutputLost() {
        return !outputEnded && ssl.engine().isOutboundDone();
    }
}
