package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreamKindTest {

    @ParameterizedTest
    @CsvSource({
        "text/event-stream, EVENTS",
        "Text/Event-Stream;charset=UTF-8, EVENTS",
        "text/event-stream ; a=b, EVENTS",
        "text/event-streams, NONE",
        "text/plain; x=text/event-stream, NONE",
        "'', NONE",
        "text/html, NONE",
        "multipart/x-mixed-replace; boundary=b, PARTS",
        "multipart/mixed, NONE",
        "application/x-ndjson, LINES",
        "application/ndjson, LINES",
        "application/stream+json;charset=UTF-8, LINES",
        "application/json-seq, LINES",
        "application/json, NONE",
        "application/fhir+ndjson, NONE",
        "application/grpc-web-text, NONE",
        "application/grpc-web+proto, NONE",
        "application/grpc, CALL",
        "application/grpc+proto, CALL",
        "application/grpc;charset=utf-8, CALL"
    })
    void is_told_by_the_media_type_alone(String value, StreamKind kind) {
        byte[] bytes = value.getBytes(US_ASCII);

        assertThat(StreamKind.of(bytes, 0, bytes.length)).isEqualTo(kind);
    }
}
