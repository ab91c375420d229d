package dev.turnout.tls;

/** The choice of what a handshake is answered with. Any thread. */
@FunctionalInterface
public interface HandshakeChoices {

    /** Returns the answer to a ClientHello that was read completely. */
    Choice choose(ClientHello hello);
}
