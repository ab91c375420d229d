package dev.turnout.proxy.connection;

import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;

/** A client's connection whose protocol is known. Event loop only. */
public sealed interface ClientConnection extends OpenConnection, ChannelHandler
        permits Http1ClientConnection, Http2ClientConnection {

    /** Takes the place of a connection that is counted already, such as one whose TLS handshake is done. */
    void takeOver(OpenConnection before);

    /** Returns true if a fault is the client's. What a client sends that is no TLS comes wrapped by the decoder. */
    static boolean isOfPeer(Throwable cause) {
        return cause instanceof IOException
                || cause instanceof DecoderException && cause.getCause() instanceof IOException;
    }
}
