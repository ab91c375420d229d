package dev.turnout.proxy.listen;

/**
 * Where the data plane listens.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 lets the system choose
 * @param reusePort whether a successor may listen there too
 */
public record ListenSettings(String host, int port, boolean reusePort) {}
