package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Answers that come in one turn of the event loop leave together")
final class AnswersTogetherTest {

    private static final int STREAMS = 8;

    @TempDir
    private Path folder;

    @Test
    void answers_to_all_streams_share_one_record_of_tls() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(STREAMS);
        CountDownLatch goOn = new CountDownLatch(1);
        try (TlsPlane plane = TlsPlane.start(folder, "auto")) {
            Effect held = new Effect.Held(answer, new Effect.Application("blue"));
            plane.backend().always(exchange -> {
                held.on(exchange);
                answered.countDown();
            });
            try (Http2Client client = Http2Client.secure(plane.address(), TlsPlane.NAME)) {
                for (int i = 0; i < STREAMS; i++) {
                    client.get(2 * i + 1, "/");
                }
                Await.until(
                        "all requests arrive", () -> plane.backend().arrivals().size() == STREAMS);
                client.settle();

                plane.holdLoops(goOn);
                answer.countDown();
                assertThat(answered.await(15, TimeUnit.SECONDS)).isTrue();
                goOn.countDown();

                // A head and data for each.
                assertThat(client.readRecord()).isEqualTo(2 * STREAMS);
                for (int i = 0; i < STREAMS; i++) {
                    assertThat(client.on(2 * i + 1).body()).isEqualTo("blue");
                    assertThat(client.on(2 * i + 1).isEnded()).isTrue();
                }
            }
        } finally {
            answer.countDown();
            goOn.countDown();
        }
    }
}
