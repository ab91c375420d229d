package dev.turnout.proxy.listen;

import dev.turnout.proxy.connection.ConnectionContext;
import dev.turnout.tls.ClientHello;

/**
 * What the TLS handshakes of one event loop share. Event loop only.
 *
 * @param connections what the connections share that the handshakes are for
 * @param hello reads what a client offers, for one handshake at a time
 * @param shared what the handshakes of all event loops share
 */
public record HandshakeContext(ConnectionContext connections, ClientHello hello, SharedHandshakes shared) {}
