package dev.turnout.fleet.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The messages of a watch of etcd")
final class WatchBatchTest {

    @Test
    @DisplayName("A message without events is no end: it says that the watch is open")
    void opened() throws WatchEnded {
        WatchBatch batch =
                WatchBatch.read("{\"result\":{\"header\":{\"cluster_id\":\"7\",\"revision\":\"9\"},\"created\":true}}");

        assertThat(batch.events()).isEmpty();
        assertThat(batch.header()).isEqualTo(new Header("7", 9));
    }

    @Test
    @DisplayName("A compacted watch names the revision that the history begins with")
    void compacted() {
        WatchEnded ended = catchThrowableOfType(
                WatchEnded.class, () -> WatchBatch.read("{\"result\":{\"canceled\":true,\"compact_revision\":\"4\"}}"));

        assertThat(ended.compactRevision()).isEqualTo(4);
    }

    @Test
    @DisplayName("A watch without the right is opened and cancelled in one message, with the reason")
    void cancelled() {
        assertThatThrownBy(() -> WatchBatch.read("{\"result\":{\"created\":true,\"canceled\":true,"
                        + "\"cancel_reason\":\"etcdserver: permission denied\"}}"))
                .isInstanceOf(WatchEnded.class)
                .hasMessageContaining("permission denied");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"result\":7}",
                "{\"result\":{\"events\":{}}}",
                "{\"result\":{\"events\":[7]}}",
                "{\"result\":{\"events\":[{\"kv\":{\"key\":\"%\"}}]}}",
                "{\"result\":{\"events\":[{\"kv\":{\"key\":\"YQ==\",\"mod_revision\":\"x\"}}]}}",
                "{\"result\":{\"events\":[{\"kv\":{\"key\":\"YQ==\",\"mod_revision\":1.5}}]}}"
            })
    @DisplayName("A message that is not one of etcd's ends the watch")
    void not_a_message(String line) {
        Watch watch = new Watch(new ByteArrayInputStream((line + "\n").getBytes(StandardCharsets.UTF_8)));

        assertThatThrownBy(watch::next).isInstanceOf(WatchEnded.class).hasMessageContaining("understood");
    }
}
