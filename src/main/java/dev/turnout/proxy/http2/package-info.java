/**
 * The HTTP/2 wire format (RFC 9113) and its header compression (RFC 7541): strict scanners of frames and header blocks,
 * their writing, the states that a connection keeps, and the translation between header blocks and HTTP/1 heads.
 *
 * <p>Bytes in, facts out: no I/O, no clock, no framework. A header block becomes the bytes of an HTTP/1 head, and the
 * scanners of {@code http1} read that head like any other. What is per connection is small; what is scratch is one set
 * per event loop, so that a field costs no object.
 */
@NullMarked
package dev.turnout.proxy.http2;

import org.jspecify.annotations.NullMarked;
