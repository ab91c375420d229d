package dev.turnout.proxy.http1;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks, guided by coverage, for what may come as a chunked body that breaks {@link ChunkedBodyProperties}. */
final class ChunkedBodyFuzz {

    @DictionaryFile(resourcePath = "fuzz.dict")
    @FuzzTest(maxDuration = "1m")
    void its_properties_hold(byte[] input) {
        ChunkedBodyProperties.hold(input);
    }
}
