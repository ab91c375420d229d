package dev.turnout.support;

import dev.turnout.tls.Choice;
import dev.turnout.tls.ClientAuthPolicy;
import dev.turnout.tls.ClientHello;
import dev.turnout.tls.CoveredNames;
import dev.turnout.tls.HandshakeChoices;

/** For a data plane without HTTPS. */
public final class NoCertificates implements HandshakeChoices {

    @Override
    public Choice choose(ClientHello hello) {
        return new Choice.NoCertificate();
    }

    @Override
    public ClientAuthPolicy policyOf(byte[] bytes, int start, int end) {
        return ClientAuthPolicy.NONE;
    }

    @Override
    public boolean haveAnother(CoveredNames presented, byte[] bytes, int start, int end) {
        return false;
    }
}
