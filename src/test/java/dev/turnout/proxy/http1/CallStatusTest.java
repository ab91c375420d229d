package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The status of a call of gRPC")
final class CallStatusTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'grpc-status: 0', 0",
                "'grpc-status:14', 14",
                "'Grpc-Status: \t13 ', 13",
                "'grpc-message: no|grpc-status: 2|x: y', 2",
                "'grpc-status-details-bin: 2', -1",
                "'grpc-statu: 2', -1",
                "'x: grpc-status: 2', -1",
                "'grpc-status: ', -1",
                "'grpc-status: 123', -1",
                "'grpc-status: 1x', -1",
                "'grpc-status: -1', -1",
                "'x: y', -1",
                "'', -1"
            })
    void is_read_from_a_trailer_and_from_a_head(String lines, int expected) {
        String text = lines.isEmpty() ? "" : lines.replace("|", "\r\n") + "\r\n";
        byte[] trailer = (text + "\r\n").getBytes(US_ASCII);
        assertThat(CallStatus.ofTrailer(trailer, trailer.length)).isEqualTo(expected);

        byte[] whole = ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n" + text + "\r\n").getBytes(US_ASCII);
        ResponseHead head = new ResponseHead(1024);
        assertThat(head.scan(whole, 0, whole.length)).isEqualTo(whole.length);
        assertThat(CallStatus.of(head.fields())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, false", "0, false", "1, false", "2, true", "3, false", "4, false", "5, false", "6, false", "7, false",
        "8, false", "9, false", "10, false", "11, false", "12, false", "13, true", "14, true", "15, true", "16, false",
        "17, false"
    })
    void is_a_fault_where_it_speaks_against_the_server(int status, boolean isFault) {
        assertThat(CallStatus.isFault(status)).isEqualTo(isFault);
    }
}
