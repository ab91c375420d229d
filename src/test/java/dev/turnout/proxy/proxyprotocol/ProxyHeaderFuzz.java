package dev.turnout.proxy.proxyprotocol;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks, guided by coverage, for first bytes of a connection that break {@link ProxyHeaderProperties}. */
final class ProxyHeaderFuzz {

    @FuzzTest(maxDuration = "1m")
    void its_properties_hold(byte[] input) {
        ProxyHeaderProperties.hold(input);
        ProxyHeaderProperties.isWrittenAsRead(input);
    }
}
