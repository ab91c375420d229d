/**
 * Connections in HTTP/1: those of clients, with their requests one after the other and their ends, and those to targets,
 * with the pool of idle ones. Implements the ports of {@code proxy.exchange}.
 */
@NullMarked
package dev.turnout.proxy.connection;

import org.jspecify.annotations.NullMarked;
