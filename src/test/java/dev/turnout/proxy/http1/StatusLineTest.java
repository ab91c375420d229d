package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A status line")
final class StatusLineTest {

    static IntStream codes() {
        return IntStream.range(100, StatusLine.CODES_END);
    }

    @ParameterizedTest
    @MethodSource("codes")
    void of_every_code_is_taken_by_the_scanner_and_has_a_reason(int status) {
        byte[] line = StatusLine.of(status);
        byte[] whole = (new String(line, US_ASCII) + "\r\n").getBytes(US_ASCII);
        ResponseHead head = new ResponseHead(1024);

        assertThat(head.scan(whole, 0, whole.length)).isEqualTo(whole.length);
        assertThat(head.status()).isEqualTo(status);
        assertThat(new String(line, US_ASCII)).matches("HTTP/1\\.1 \\d{3} [A-Z][A-Za-z -]+\r\n");
    }

    @ParameterizedTest
    @CsvSource({"200, OK", "304, Not Modified", "404, Not Found", "503, Service Unavailable", "299, Unknown"})
    void has_the_reason_of_the_registry(int status, String reason) {
        assertThat(StatusLine.of(status)).asString(US_ASCII).isEqualTo("HTTP/1.1 " + status + " " + reason + "\r\n");
    }
}
