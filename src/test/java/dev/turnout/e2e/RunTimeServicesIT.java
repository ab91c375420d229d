package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Services come and go at run time")
final class RunTimeServicesIT {

    private static final String SHOP = "/admin/services/shop";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend shop = arena.application("shop");
    private final Backend next = arena.application("next");
    private final TurnoutProcess.Settings settings = TurnoutProcess.with()
            .inFile()
            .blue(arena.application("blue"))
            .green(arena.application("green"))
            .set("turnout.services.\"wiki\".hosts", "wiki.example")
            .set("turnout.services.\"wiki\".blue", "127.0.0.1:1")
            .set("turnout.services.\"wiki\".green", "127.0.0.1:2");

    private String service(String host) {
        return new JsonObject()
                .put("hosts", new JsonArray().add(host))
                .put("blue", new JsonArray().add(shop.address()))
                .put("green", next.address())
                .put("health", new JsonObject().put("interval", "20ms"))
                .encode();
    }

    private static Response ask(TurnoutProcess turnout, String host) throws IOException {
        try (RawClient client = turnout.connect()) {
            return client.send("GET /small HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                    .read();
        }
    }

    @Test
    void a_service_serves_its_hosts_over_reloads_and_restarts_until_it_is_removed() throws IOException {
        TurnoutProcess turnout = arena.start(settings);

        JsonObject added =
                turnout.admin().put(SHOP, service("shop.example")).expect(200).json();

        assertThat(added.getJsonArray("services").getJsonObject(0).getMap())
                .containsEntry("service", "shop")
                .containsEntry("change", "added");
        assertThat(ask(turnout, "shop.example").text()).isEqualTo("shop");
        assertThat(ask(turnout, "other.example").text()).isEqualTo("blue");
        turnout.admin().post("/admin/switch?service=shop").expect(200);
        settings.set("turnout.show-slot", "true").write();
        turnout.admin().post("/admin/reload").expect(200);
        assertThat(ask(turnout, "shop.example").text()).isEqualTo("next");
        turnout.kill9();
        TurnoutProcess again = arena.keep(turnout.restart());
        again.awaitReady();
        assertThat(ask(again, "shop.example").text()).isEqualTo("next");
        again.admin().put(SHOP, service("store.example")).expect(200);
        assertThat(ask(again, "store.example").text()).isEqualTo("next");
        assertThat(ask(again, "shop.example").text()).isEqualTo("blue");
        again.admin().delete(SHOP).expect(200);
        assertThat(ask(again, "store.example").text()).isEqualTo("blue");
        assertThat(again.admin().delete(SHOP).expect(404).problem()).isEqualTo("no-service");
        again.kill9();
        TurnoutProcess last = arena.keep(again.restart());
        last.awaitReady();
        assertThat(last.admin().get("/admin/status?service=shop").status()).isEqualTo(404);
    }

    @Test
    void a_service_stays_when_the_configuration_names_another_state_folder(@TempDir Path other) throws IOException {
        Path state = settings.stateDirectory();
        TurnoutProcess turnout = arena.start(settings);
        turnout.admin().put(SHOP, service("shop.example")).expect(200);
        Files.copy(state.resolve("services.properties"), other.resolve("services.properties"));

        for (Path edited : List.of(other, other.resolve("empty"))) {
            settings.set("turnout.state.directory", edited.toString()).write();
            turnout.admin().post("/admin/reload").expect(200);
            assertThat(ask(turnout, "shop.example").text()).isEqualTo("shop");
        }

        turnout.admin().put("/admin/services/store", service("store.example")).expect(200);
        assertThat(state.resolve("services.properties"))
                .content()
                .contains("\"shop\".hosts=shop.example", "\"store\".hosts=store.example");
    }

    @Test
    void a_service_with_an_empty_value_holds_over_reloads_and_restarts() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        JsonObject given = new JsonObject(service("shop.example")).put("preview-secret", "");
        turnout.admin().put(SHOP, given.encode()).expect(200);
        assertThat(turnout.admin().put(SHOP, "{\"hosts\":\"\"}").expect(422).text())
                .contains("No key of service 'shop' has a value");

        turnout.admin().post("/admin/reload").expect(200);
        turnout.kill9();
        TurnoutProcess again = arena.keep(turnout.restart());
        again.awaitReady();

        assertThat(ask(again, "shop.example").text()).isEqualTo("shop");
    }

    @Test
    void a_list_of_header_lines_holds_over_restarts() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        JsonArray lines = new JsonArray().add("X-One: 1").add("X-Two: 2, 3");
        JsonObject rules = new JsonObject().put("10-x", new JsonObject().put("response-set", lines));
        JsonObject given = new JsonObject(service("shop.example")).put("rules", rules);

        turnout.admin().put(SHOP, given.encode()).expect(200);

        assertLines(ask(turnout, "shop.example"));
        turnout.kill9();
        TurnoutProcess again = arena.keep(turnout.restart());
        again.awaitReady();
        assertLines(ask(again, "shop.example"));
    }

    private static void assertLines(Response response) {
        assertThat(response.fields().only("X-One")).hasValue("1");
        assertThat(response.fields().only("X-Two")).hasValue("2, 3");
    }

    @Test
    void the_default_service_without_targets_of_its_own_stays_when_a_service_comes() throws IOException {
        TurnoutProcess turnout = arena.start(TurnoutProcess.with().inFile());
        assertThat(services(turnout)).containsExactly("default");

        turnout.admin().put(SHOP, service("shop.example")).expect(200);

        assertThat(services(turnout)).containsExactly("default", "shop");
        assertThat(ask(turnout, "shop.example").text()).isEqualTo("shop");
        turnout.admin().post("/admin/reload").expect(200);
        assertThat(services(turnout)).containsExactly("default", "shop");
        turnout.kill9();
        TurnoutProcess again = arena.keep(turnout.restart());
        again.awaitReady();
        assertThat(services(again)).containsExactly("default", "shop");
        again.admin().delete(SHOP).expect(200);
        assertThat(services(again)).containsExactly("default");
    }

    private static List<String> services(TurnoutProcess turnout) {
        return turnout.admin().get("/admin/status").expect(200).json().getJsonArray("services").stream()
                .map(service -> ((JsonObject) service).getString("name"))
                .sorted()
                .toList();
    }

    @Test
    void a_service_that_is_written_into_the_configuration_is_changed_there() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        turnout.admin().put(SHOP, service("shop.example")).expect(200);
        settings.set("turnout.services.\"shop\".hosts", "shop.example")
                .set("turnout.services.\"shop\".blue", shop.address())
                .set("turnout.services.\"shop\".green", next.address())
                .set("turnout.services.\"shop\".health.interval", "20ms")
                .write();

        assertThat(turnout.admin().post("/admin/reload").expect(200).json().getJsonArray("keys"))
                .isEmpty();

        assertThat(turnout.admin()
                        .put(SHOP, service("store.example"))
                        .expect(409)
                        .problem())
                .isEqualTo("configured-service");
        assertThat(turnout.admin().delete(SHOP).expect(409).problem()).isEqualTo("configured-service");
        turnout.admin().put("/admin/services/store", service("store.example")).expect(200);
        assertThat(settings.stateDirectory().resolve("services.properties"))
                .content()
                .contains("\"store\".hosts")
                .doesNotContain("\"shop\".hosts");
    }

    @Test
    void a_service_that_does_not_fit_is_refused_whole() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        Admin admin = turnout.admin();

        assertThat(admin.put("/admin/services/wiki", service("a.example"))
                        .expect(409)
                        .problem())
                .isEqualTo("configured-service");
        assertThat(admin.put("/admin/services/default", service("a.example"))
                        .expect(409)
                        .problem())
                .isEqualTo("configured-service");
        assertThat(admin.delete("/admin/services/wiki").expect(409).problem()).isEqualTo("configured-service");
        assertThat(admin.put(SHOP, service("wiki.example")).expect(422).text()).contains("wiki");
        assertThat(admin.put(SHOP, "{\"hosts\":\"a.example\",\"helth.path\":\"/x\"}")
                        .expect(422)
                        .text())
                .contains("helth.path", "health.path");
        assertThat(admin.put("/admin/services/Shop_1", service("a.example"))
                        .expect(422)
                        .text())
                .contains("is not the name of a service");
        assertThat(admin.put("/admin/services/wiki%22.rules.%22x", "{\"answer\":\"hi\"}")
                        .expect(422)
                        .text())
                .contains("is not the name of a service");
        assertThat(admin.put(SHOP, "{\"errors\":{\"403\":\"/etc/turnout/token\"}}")
                        .expect(422)
                        .text())
                .contains("errors.403", "names a file");
        assertThat(admin.put(SHOP, "[]").expect(400).text()).contains("JSON object");
        assertThat(admin.put(SHOP, "").expect(400).text()).contains("is missing");
        assertThat(admin.put(SHOP, "{\"hosts\":\"${HOME}\"}").expect(400).text())
                .contains("hosts");
        assertThat(ask(turnout, "a.example").text()).isEqualTo("blue");
        assertThat(admin.get("/admin/status").json().getJsonArray("services")).hasSize(2);
    }

    @Test
    void a_service_with_requests_is_removed_by_force_only_and_drained() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        turnout.admin().put(SHOP, service("shop.example")).expect(200);
        CountDownLatch word = new CountDownLatch(1);
        shop.always(Effect.heldUntil(word, Effect.ok("finished")));
        try (RawClient client = turnout.connect()) {
            client.send("GET /long HTTP/1.1\r\nHost: shop.example\r\n\r\n");
            Await.until("the request", () -> shop.requests() == 1);
            assertThat(turnout.admin().delete(SHOP).expect(409).problem()).isEqualTo("in-use");
            CompletableFuture<Admin.Answer> removing = turnout.admin().deleteAsync(SHOP + "?force=true");
            Await.until(
                    "the end of the service",
                    () -> turnout.admin().get("/admin/status?service=shop").status() == 404);
            word.countDown();
            assertThat(client.read().text()).isEqualTo("finished");
            assertThat(removing.join()
                            .expect(200)
                            .json()
                            .getJsonArray("services")
                            .getJsonObject(0)
                            .getJsonObject("drain")
                            .getBoolean("drained"))
                    .isTrue();
        }
    }

    @Test
    void a_service_whose_requests_wait_is_removed_by_force_only() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        turnout.admin().put(SHOP, service("shop.example")).expect(200);
        turnout.admin().post("/admin/pause?service=shop").expect(200);
        try (RawClient client = turnout.connect()) {
            client.send("GET /small HTTP/1.1\r\nHost: shop.example\r\n\r\n");
            Await.until("the request waits", () -> held(turnout) == 1);

            assertThat(turnout.admin().delete(SHOP).expect(409).problem()).isEqualTo("in-use");

            turnout.admin().post("/admin/resume?service=shop").expect(200);
            assertThat(client.read().text()).isEqualTo("shop");
        }
        Await.until("the request has ended", () -> turnout.admin().delete(SHOP).status() == 200);
    }

    private static int held(TurnoutProcess turnout) {
        return turnout.admin()
                .get("/admin/status?service=shop")
                .expect(200)
                .json()
                .getInteger("held");
    }
}
