/**
 * Where clients come in: the listening sockets, when connections are accepted, and what stands in their pipeline.
 */
@NullMarked
package dev.turnout.proxy.listen;

import org.jspecify.annotations.NullMarked;
