package dev.turnout.proxy.http1;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks, guided by coverage, for what clients may send that breaks {@link RequestHeadProperties}. */
final class RequestHeadFuzz {

    @DictionaryFile(resourcePath = "fuzz.dict")
    @FuzzTest(maxDuration = "1m")
    void its_properties_hold(byte[] input) {
        RequestHeadProperties.hold(input);
    }
}
