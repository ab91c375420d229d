/**
 * The HTTP/1.x wire format (RFC 9112): strict scanners for heads and chunked bodies, and the rewriting of heads.
 *
 * <p>Bytes in, facts out: no I/O, no clock, no framework. The scanners are mutable and reused, one set per event loop,
 * so that a head costs no object per field. A scan of a prefix never gives another verdict than a scan of the whole,
 * except that it may say {@link dev.turnout.proxy.http1.Scan#INCOMPLETE}: how the bytes were split cannot matter.
 */
@NullMarked
package dev.turnout.proxy.http1;

import org.jspecify.annotations.NullMarked;
