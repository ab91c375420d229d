package dev.turnout.proxy.http2;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks, guided by coverage, for frames that break {@link FrameProperties}. */
final class FrameFuzz {

    @FuzzTest(maxDuration = "1m")
    void its_properties_hold(byte[] input) {
        FrameProperties.hold(input);
    }
}
