package dev.turnout.proxy.http2;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks, guided by coverage, for requests that break {@link RequestBlockProperties}. */
final class RequestBlockFuzz {

    @FuzzTest(maxDuration = "1m")
    void its_properties_hold(byte[] input) {
        RequestBlockProperties.hold(input);
    }
}
