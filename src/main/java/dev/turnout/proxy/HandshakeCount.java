package dev.turnout.proxy;

import java.util.function.LongSupplier;

/**
 * A count of TLS handshakes of clients.
 *
 * @param result how they ended
 * @param version of TLS; {@code none} if they ended before one was agreed on
 * @param count how many there were since the start; any thread
 */
public record HandshakeCount(String result, String version, LongSupplier count) {}
