package dev.turnout.proxy.connection;

import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.tls.ClientAuthPolicy;
import dev.turnout.tls.CoveredNames;
import dev.turnout.tls.HandshakeChoices;

/**
 * What a client was asked for and shown in its TLS handshake, beside what hosts ask for and show. Any thread.
 *
 * <p>A client names one host in the handshake, and may name others in its requests. A request for a host that asks for
 * another certificate, or shows another one, is not for this connection (RFC 9110, section 7.4).
 *
 * @param shown the names that the client may use
 */
public record ClientDemand(HandshakeChoices choices, ClientAuthPolicy asked, CoveredNames shown) {

    /** Returns true if the host of a request asks and shows what this client was asked and shown. Makes no object. */
    boolean fits(RequestHead head) {
        int start = Math.max(0, head.hostStart());
        int end = head.hostStart() < 0 ? start : head.hostNameEnd();
        return asked.equals(choices.policyOf(head.bytes(), start, end))
                && !choices.haveAnother(shown, head.bytes(), start, end);
    }
}
