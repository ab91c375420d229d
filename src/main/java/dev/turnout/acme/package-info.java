/** Gets certificates from a certificate authority by ACME (RFC 8555), and renews them. No handshake waits for it. */
@NullMarked
package dev.turnout.acme;

import org.jspecify.annotations.NullMarked;
