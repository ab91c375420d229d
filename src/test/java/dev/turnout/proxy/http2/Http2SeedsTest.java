package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.support.Seeds;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The seeds of the fuzzing, their neighbours, and every message of the table tests, hold to the properties on their own. */
final class Http2SeedsTest {

    private static final int NEIGHBOURS = 300;

    @Test
    void every_seed_of_frames_holds() {
        holds("FrameFuzzInputs", FrameProperties::hold);
    }

    @Test
    void every_seed_of_header_blocks_holds() {
        holds("HpackFuzzInputs", HpackProperties::hold);
    }

    @Test
    void every_seed_of_requests_holds() {
        holds("RequestBlockFuzzInputs", RequestBlockProperties::hold);
    }

    static Stream<String> malformed() {
        return BlockReaderTest.malformed();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void every_malformed_request_holds(String row) {
        String rows = row.replaceAll("(^|\\|)GET", "$1:method=GET|:scheme=https|:path=/|:authority=h");
        String fields = Arrays.stream(rows.split("\\|"))
                .map(field -> field.replaceFirst("=", "\2"))
                .reduce("", (all, field) -> all + field + "\1");
        RequestBlockProperties.hold(("0" + fields).getBytes(ISO_8859_1));
        RequestBlockProperties.hold(("1" + fields).getBytes(ISO_8859_1));
    }

    private static void holds(String folder, Consumer<byte[]> properties) {
        Random random = new Random(9113);
        for (byte[] seed : Seeds.of(Http2SeedsTest.class, folder)) {
            properties.accept(seed);
            for (int i = 0; i < NEIGHBOURS; i++) {
                properties.accept(neighbour(seed, random));
            }
        }
    }

    /** One to three octets are others; sometimes the end is cut off. */
    private static byte[] neighbour(byte[] seed, Random random) {
        byte[] next = random.nextInt(4) == 0 ? Arrays.copyOf(seed, random.nextInt(seed.length + 1)) : seed.clone();
        for (int i = random.nextInt(3); i >= 0 && next.length > 0; i--) {
            next[random.nextInt(next.length)] = (byte) random.nextInt(256);
        }
        return next;
    }
}
