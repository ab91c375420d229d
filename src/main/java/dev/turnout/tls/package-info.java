/** Certificates and what TLS handshakes are answered with: sources, checks, contexts, session tickets. Knows nothing of HTTP. */
@NullMarked
package dev.turnout.tls;

import org.jspecify.annotations.NullMarked;
