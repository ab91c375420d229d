package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.support.Seeds;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The seeds of the fuzzing, and every message of the table tests, hold to the properties on their own. */
final class SeedsTest {

    @Test
    void every_seed_of_a_request_head_holds() {
        holds("RequestHeadFuzzInputs", RequestHeadProperties::hold);
    }

    @Test
    void every_seed_of_a_response_head_holds() {
        holds("ResponseHeadFuzzInputs", ResponseHeadProperties::hold);
    }

    @Test
    void every_seed_of_a_chunked_body_holds() {
        holds("ChunkedBodyFuzzInputs", ChunkedBodyProperties::hold);
    }

    static Stream<String> requests() {
        Stream<String> lines = RequestHeadTest.brokenRequestLines().map(row -> text(row) + "Host: h\r\n\r\n");
        Stream<String> fields = Stream.concat(RequestHeadTest.brokenFields(), RequestHeadTest.brokenFramings())
                .map(row -> "POST / HTTP/1.1\r\nHost: h\r\n" + text(row) + "\r\n");
        return Stream.concat(lines, fields);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void every_broken_request_holds(String text) {
        RequestHeadProperties.hold(text.getBytes(ISO_8859_1));
    }

    static Stream<String> responses() {
        return ResponseHeadTest.broken().map(SeedsTest::text);
    }

    @ParameterizedTest
    @MethodSource("responses")
    void every_broken_response_holds(String text) {
        ResponseHeadProperties.hold(text.getBytes(ISO_8859_1));
    }

    private static String text(Arguments row) {
        return (String) row.get()[1];
    }

    private static void holds(String folder, Consumer<byte[]> properties) {
        Seeds.of(SeedsTest.class, folder).forEach(properties);
    }
}
