package dev.turnout;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.jackson.JacksonCodec;
import org.junit.jupiter.api.Test;

final class StreamedJsonTest {

    @Test
    void it_goes_before_the_codec_that_binds_json_to_classes() {
        // The codec with data binding extends this one.
        assertThat(Json.CODEC).isExactlyInstanceOf(JacksonCodec.class);
    }
}
