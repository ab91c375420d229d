package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathPatternTest {

    @ParameterizedTest
    @CsvSource({
        "/poll, /poll, true",
        "/poll, /poll/, true",
        "/poll, /poll/x, true",
        "/poll, /poll?x, true",
        "/poll, /polls, false",
        "/poll, /pol, false",
        "/poll, /POLL, false",
        "/poll, /x/poll, false",
        "/poll, /x?/poll, false",
        "/, /, true",
        "/, /any, true",
        "/, /?q, true",
        "/a/*/xhr, /a/b/xhr, true",
        "/a/*/xhr, /a/b/xhr/c?d, true",
        "/a/*/xhr, /a/b/xhr_send, false",
        "/a/*/xhr, /a//xhr, false",
        "/a/*/xhr, /a/b/c/xhr, false",
        "/a/*, /a/b, true",
        "/a/*, /a/, false",
        "/a/*, /a, false",
        "/a/*, /a?/b, false",
        "/*/*, /a/b/c, true",
        "/*/*, /a, false",
        "/a*, /a*, true",
        "/a*, /ab, false",
        "/*b, /*b, true",
        "/*b, /ab, false",
        "/a/*/c, /a/b?/c, false"
    })
    void stands_for_what_begins_with_its_segments(String pattern, String path, boolean matches) {
        byte[] bytes = ("GET " + path).getBytes(US_ASCII);

        assertThat(new PathPattern(pattern).matches(bytes, 4, bytes.length)).isEqualTo(matches);
    }
}
