/** The PROXY protocol, versions 1 and 2: bytes in, addresses out, and the other way round. Pure. */
@NullMarked
package dev.turnout.proxy.proxyprotocol;

import org.jspecify.annotations.NullMarked;
