package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The line traceparent")
final class TraceLineTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String VALID = "00-" + TRACE + "-" + SPAN + "-01";
    private static final ClientInfo STRANGER = new ClientInfo("192.0.2.7", "http", "192.0.2.1:80", false);

    private final TraceLine line = new TraceLine();

    private static RequestHead head(String lines) {
        byte[] bytes = ("GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n").getBytes(ISO_8859_1);
        RequestHead head = new RequestHead(64 * 1024);
        assertThat(head.scan(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        return head;
    }

    private boolean read(String value) {
        return line.read(head("traceparent: " + value + "\r\n"));
    }

    private String rewritten(String lines) {
        HeadWriter out = new HeadWriter();
        new RequestRewriter(new byte[32], ForgedFields.of(List.of()), line)
                .rewrite(head(lines), STRANGER, 0, new byte[0], RequestRewriter.AS_FRAMED, out);
        return new String(out.bytes(), 0, out.length(), ISO_8859_1);
    }

    @Test
    @DisplayName("that is valid is read: trace, parent and whether it is recorded")
    void a_valid_line_is_read() {
        assertThat(read(VALID)).isTrue();
        assertThat(line.high()).isEqualTo(0x0af7651916cd43ddL);
        assertThat(line.low()).isEqualTo(0x8448eb211c80319cL);
        assertThat(line.parent()).isEqualTo(0xb7ad6b7169203331L);
        assertThat(line.isParentSampled()).isTrue();
        assertThat(line.isContinued()).isTrue();
        assertThat(read("00-" + TRACE + "-" + SPAN + "-00")).isTrue();
        assertThat(line.isParentSampled()).isFalse();
        assertThat(read("00-" + TRACE + "-" + SPAN + "-fe")).isTrue();
        assertThat(line.isParentSampled()).isFalse();
        assertThat(read("00-" + TRACE + "-" + SPAN + "-03")).isTrue();
        assertThat(line.isParentSampled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"01-" + TRACE + "-" + SPAN + "-01", "cc-" + TRACE + "-" + SPAN + "-01-what-comes"})
    @DisplayName("of a later version is read as far as it is known")
    void a_later_version_is_read(String value) {
        assertThat(read(value)).isTrue();
        assertThat(line.isParentSampled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-" + TRACE + "-" + SPAN + "-01",
                "0-" + TRACE + "-" + SPAN + "-01",
                "0G-" + TRACE + "-" + SPAN + "-01",
                "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01",
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-" + TRACE + "-" + SPAN + "-1",
                "00-" + TRACE + "-" + SPAN + "-0x",
                "00-" + TRACE + "-" + SPAN + "-01-",
                "00-" + TRACE + "-" + SPAN + "-01-x",
                "00-" + TRACE + "-" + SPAN + "-010",
                "01-" + TRACE + "-" + SPAN + "-01x",
                "00_" + TRACE + "-" + SPAN + "-01",
                "00-" + TRACE + "_" + SPAN + "-01",
                "00-" + TRACE + "-" + SPAN + "_01",
                "00-" + TRACE + "-b7ad6b716920333g-01",
                VALID + "," + VALID
            })
    @DisplayName("that is not well-formed is none")
    void what_is_not_well_formed_is_none(String value) {
        assertThat(read(value)).isFalse();
        assertThat(line.isParentSampled()).isFalse();
        assertThat(line.isContinued()).isFalse();
    }

    @Test
    @DisplayName("that stands twice is none")
    void two_lines_are_none() {
        assertThat(line.read(head("traceparent: " + VALID + "\r\nTraceparent: " + VALID + "\r\n")))
                .isFalse();
        assertThat(line.read(head(""))).isFalse();
    }

    @Test
    @DisplayName("of a target has the trace and another span, and is the last line of the head")
    void a_trace_goes_on_with_another_span() {
        read(VALID);
        line.write(0x1122334455667788L, true);

        String head = rewritten("traceparent: " + VALID + "\r\ntracestate: a=b\r\n");

        String own = "traceparent: 00-" + TRACE + "-1122334455667788-01\r\n\r\n";
        assertThat(head).contains("tracestate: a=b\r\n").doesNotContain(SPAN).endsWith(own);
        assertThat(head.substring(head.length() - 2 - TraceLine.SPAN_BEFORE_END))
                .startsWith("1122334455667788-01");
    }

    @Test
    @DisplayName("of a trace that begins here stands in for a broken one, whose tracestate ends")
    void a_new_trace_has_nothing_of_the_old_one() {
        read("00-broken");
        line.begin(1, 2);
        line.write(3, false);

        assertThat(rewritten("traceparent: 00-broken\r\ntracestate: a=b\r\n"))
                .doesNotContain("broken")
                .doesNotContain("tracestate")
                .endsWith("traceparent: 00-00000000000000010000000000000002-0000000000000003-00\r\n\r\n");
    }
}
