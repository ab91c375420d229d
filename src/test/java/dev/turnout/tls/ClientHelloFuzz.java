package dev.turnout.tls;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks, guided by coverage, for what clients may send that breaks {@link ClientHelloProperties}. */
final class ClientHelloFuzz {

    @FuzzTest(maxDuration = "1m")
    void its_properties_hold(byte[] input) {
        ClientHelloProperties.hold(input);
    }
}
