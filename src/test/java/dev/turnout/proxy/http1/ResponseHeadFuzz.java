package dev.turnout.proxy.http1;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks, guided by coverage, for what targets may send that breaks {@link ResponseHeadProperties}. */
final class ResponseHeadFuzz {

    @DictionaryFile(resourcePath = "fuzz.dict")
    @FuzzTest(maxDuration = "1m")
    void its_properties_hold(byte[] input) {
        ResponseHeadProperties.hold(input);
    }
}
