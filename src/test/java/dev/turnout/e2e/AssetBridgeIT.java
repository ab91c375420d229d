package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.Http2Client;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A 404 for an asset is asked of the other slot while pages of both versions are open")
final class AssetBridgeIT {

    private static final String BRIDGED = "turnout_assets_bridged_total{service=\"default\"}";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    Path folder;

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    private TurnoutProcess.Settings settings() {
        return TurnoutProcess.with().blue(blue).green(green).set("turnout.assets.paths", "/assets,/static");
    }

    private static Response ask(TurnoutProcess turnout, String method, String path) throws IOException {
        try (RawClient client = turnout.connect()) {
            return client.send(method + " " + path + " HTTP/1.1\r\nHost: app.example\r\nContent-Length: 0\r\n\r\n")
                    .read(method);
        }
    }

    private static void hasNoAssets(Backend application) {
        application.always(Effect.status(404, "not here"));
    }

    private static void hasAll(Backend application, String name) {
        application.always(Effect.ok(name));
    }

    @Test
    @Guards("F20")
    void pages_of_the_old_version_find_their_assets_up_to_the_drain_and_nothing_else_is_asked() throws Exception {
        Path log = folder.resolve("access.log");
        TurnoutProcess turnout = arena.start(
                settings().set("turnout.access-log", "json").set("turnout.access-log-file", log.toString()));
        Admin admin = turnout.admin();
        hasNoAssets(blue);
        assertThat(ask(turnout, "GET", "/assets/app.js").status())
                .as("before any flip")
                .isEqualTo(404);
        assertThat(green.requests()).isZero();

        CompletableFuture<Admin.Answer> change = admin.postAsync("/admin/switch?to=green&watch=2m");
        Await.until("green serves", () -> admin.active().equals("green"));
        hasNoAssets(green);
        hasAll(blue, "asset of blue");
        blue.forget();

        assertThat(ask(turnout, "GET", "/assets/app.3f2a.js?v=1").text()).isEqualTo("asset of blue");
        assertThat(ask(turnout, "HEAD", "/static/a.css").status()).isEqualTo(200);
        try (Http2Client client = Http2Client.to(turnout.front().getPort())) {
            client.get(1, "/assets/app.js");
            assertThat(client.answer(1).body()).isEqualTo("asset of blue");
        }
        assertThat(admin.metric(BRIDGED)).isEqualTo(3);
        assertThat(ask(turnout, "GET", "/assetsx/app.js").status()).isEqualTo(404);
        assertThat(ask(turnout, "GET", "/assets").status()).isEqualTo(404);
        assertThat(ask(turnout, "GET", "/").status()).isEqualTo(404);
        assertThat(ask(turnout, "POST", "/assets/app.js").status()).isEqualTo(404);
        hasNoAssets(blue);
        assertThat(ask(turnout, "GET", "/assets/nobody.js").text()).isEqualTo("not here");
        assertThat(admin.metric(BRIDGED)).isEqualTo(4);

        blue.kill();
        assertThat(ask(turnout, "GET", "/assets/app.js").status())
                .as("the other slot is gone")
                .isEqualTo(404);
        blue.revive();
        Await.until("the log is written", () -> read(log).contains("\"bridged\":true"));

        // The bridge ends at the drain, although the time is not over.
        hasAll(blue, "asset of blue");
        Await.until("blue is up", () -> "UP".equals(admin.target("blue").getString("health")));
        admin.post("/admin/rollback").expect(200);
        change.join();
        hasNoAssets(blue);
        hasAll(green, "asset of green");
        green.forget();
        assertThat(ask(turnout, "GET", "/assets/app.js").status()).isEqualTo(404);
        assertThat(green.requests()).isZero();
    }

    @Test
    @Guards("F20")
    void a_drained_slot_is_asked_too_if_the_service_says_so_and_its_drain_waits_for_none_of_these() throws Exception {
        TurnoutProcess turnout = arena.start(settings()
                .set("turnout.assets.after-drain", "4s")
                .set("turnout.assets.bridge", "1ms")
                .set("turnout.drain.timeout", "30s"));
        Admin admin = turnout.admin();
        hasNoAssets(green);
        hasAll(blue, "asset of blue");
        JsonObject receipt = admin.post("/admin/switch?to=green").expect(200).json();
        assertThat(receipt.getJsonObject("drain").getBoolean("drained")).isTrue();

        assertThat(ask(turnout, "GET", "/assets/app.js").text()).isEqualTo("asset of blue");
        assertThat(ask(turnout, "GET", "/page").status()).as("no asset").isEqualTo(404);

        blue.kill();
        assertThat(ask(turnout, "GET", "/assets/app.js").status())
                .as("the old process has stopped")
                .isEqualTo(404);
        blue.revive();
        Await.until("blue is up", () -> "UP".equals(admin.target("blue").getString("health")));
        Await.until("the time is over", () -> {
            try {
                blue.forget();
                return ask(turnout, "GET", "/assets/app.js").status() == 404 && blue.requests() == 0;
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void during_a_canary_both_slots_are_asked_and_the_time_after_a_flip_is_bounded() throws Exception {
        TurnoutProcess turnout = arena.start(settings().set("turnout.assets.bridge", "1s"));
        Admin admin = turnout.admin();
        hasAll(green, "asset of green");
        hasNoAssets(blue);
        admin.post("/admin/canary?weight=1").expect(200);
        for (int i = 0; i < 5; i++) {
            assertThat(ask(turnout, "GET", "/assets/a.js").text()).isEqualTo("asset of green");
        }
        admin.post("/admin/canary?weight=100").expect(200);
        hasNoAssets(green);
        hasAll(blue, "asset of blue");
        assertThat(ask(turnout, "GET", "/assets/a.js").text()).isEqualTo("asset of blue");

        CompletableFuture<Admin.Answer> change = admin.postAsync("/admin/canary/promote?watch=2m");
        Await.until("green serves", () -> admin.active().equals("green"));
        Await.until("the time is over", () -> {
            try {
                return ask(turnout, "GET", "/assets/a.js").status() == 404;
            } catch (IOException e) {
                return false;
            }
        });
        admin.post("/admin/rollback").expect(200);
        change.join();
    }
}
