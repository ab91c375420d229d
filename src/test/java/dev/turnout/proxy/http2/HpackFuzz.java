package dev.turnout.proxy.http2;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks, guided by coverage, for header blocks that break {@link HpackProperties}. */
final class HpackFuzz {

    @FuzzTest(maxDuration = "1m")
    void its_properties_hold(byte[] input) {
        HpackProperties.hold(input);
    }
}
