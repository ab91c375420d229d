package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.CutShort;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Guards("F11")
@DisplayName("A long request that is cut at the deadline is named")
final class LongRequestIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");
    private final TurnoutProcess turnout =
            arena.start(TurnoutProcess.with().blue(blue).green(green).set("turnout.drain.timeout", "500ms"));

    @Test
    void what_is_cut_is_named_in_the_receipt_and_the_log() throws IOException {
        blue.next(Effect.heldUntil(new CountDownLatch(1), Effect.ok("too late")));
        try (RawClient client = turnout.connect()) {
            client.send("PUT /reports/2024?format=long HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
            Await.until("the request at blue", () -> blue.requests() == 1);
            JsonObject drain = turnout.admin().switchTo("green").getJsonObject("drain");
            assertThat(drain.getBoolean("drained")).isFalse();
            assertThat(drain.getLong("waitedMillis")).isBetween(500L, 5_000L);
            JsonArray cut = drain.getJsonArray("cut");
            assertThat(cut).hasSize(1);
            JsonObject request = cut.getJsonObject(0);
            assertThat(request.getString("method")).isEqualTo("PUT");
            assertThat(request.getString("path")).isEqualTo("/reports/2024?format=long");
            assertThat(request.getLong("ageMillis")).isBetween(500L, 10_000L);
            assertThat(request.getString("target")).isEqualTo(blue.address());
            assertThat(turnout.log()).contains("PUT").contains("/reports/2024").contains(blue.address());
            assertEndedWithACause(client, "PUT");
        }
        Await.until("nothing in flight", () -> turnout.admin().target("blue").getLong("inFlight") == 0);
    }

    @Test
    void a_response_that_is_cut_does_not_look_whole() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        blue.next(new Effect.First(
                List.of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
                Effect.heldUntil(never, Effect.raw("0\r\n\r\n"))));
        try (RawClient client = turnout.connect()) {
            client.get("/stream");
            Await.until("the beginning of the response", () -> {
                try {
                    return client.hasMore();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(turnout.admin().switchTo("green").getJsonObject("drain").getJsonArray("cut"))
                    .hasSize(1);
            String got = new String(client.readUntilClosed(), StandardCharsets.ISO_8859_1);
            assertThat(got).contains("hello").doesNotContain("\r\n0\r\n");
        }
    }

    @Test
    void others_on_the_new_slot_are_not_cut() throws IOException {
        blue.next(Effect.heldUntil(new CountDownLatch(1), Effect.ok("too late")));
        CountDownLatch word = new CountDownLatch(1);
        green.next(Effect.heldUntil(word, Effect.ok("green")));
        try (RawClient old = turnout.connect();
                RawClient young = turnout.connect()) {
            old.get("/old");
            Await.until("the old request at blue", () -> blue.requests() == 1);
            var receipt = turnout.admin().postAsync("/admin/switch?to=green");
            Await.until("green to serve", () -> turnout.admin().active().equals("green"));
            young.get("/young");
            assertThat(receipt.join().expect(200).json().getJsonObject("drain").getJsonArray("cut"))
                    .hasSize(1);
            word.countDown();
            assertThat(young.read().text()).isEqualTo("green");
        }
    }

    private static void assertEndedWithACause(RawClient client, String method) throws IOException {
        try {
            Response response = client.read(method);
            assertThat(response.status()).isGreaterThanOrEqualTo(500);
            assertThat(response.fields().only("X-Turnout")).isPresent();
        } catch (CutShort | SocketException e) {
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }
}
