package dev.turnout.proxy.connection;

import dev.turnout.proxy.http2.Http2Limits;

/**
 * What holds for client connections over HTTP/2.
 *
 * @param plain whether a client may begin with HTTP/2 on a connection without TLS
 * @param limits what one connection may cost
 */
public record Http2Settings(boolean plain, Http2Limits limits) {}
