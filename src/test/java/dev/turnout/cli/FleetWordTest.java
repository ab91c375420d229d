package dev.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.text.Language;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The word fleet")
final class FleetWordTest {

    private final AdminStub admin = new AdminStub();
    private final List<String> calls = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        admin.close();
    }

    private static JsonObject fleet() {
        return new JsonObject()
                .put("name", "main")
                .put("member", "web1")
                .put("process", "p1")
                .put("fleet", "f1")
                .put("trouble", null)
                .put("since", "2026-01-31T10:00:00Z")
                .put("members", new JsonArray(List.of(member("web1", true), member("web2", false))))
                .put(
                        "services",
                        new JsonArray(List.of(new JsonObject()
                                .put("service", "shop")
                                .put("active", "green")
                                .put("epoch", 8)
                                .put("here", 7)
                                .put("changing", null)
                                .put("elected", "web1"))));
    }

    private static JsonObject member(String name, boolean isPresent) {
        return new JsonObject()
                .put("member", name)
                .put("address", "http://" + name + ":9180")
                .put("present", isPresent)
                .put("epochs", new JsonObject().put("shop", 7));
    }

    private void answer(String call, JsonObject fleet) {
        admin.reply(call, exchange -> {
            calls.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
            AdminStub.json(200, fleet).to(exchange);
        });
    }

    private CommandRun run(String... words) {
        String[] all = new String[words.length + 3];
        all[0] = "fleet";
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--url";
        all[words.length + 2] = admin.url();
        return CommandRun.of(all);
    }

    @Test
    @DisplayName("shows what was decided, what serves here, and who is missing")
    void status() {
        answer("GET /admin/fleet", fleet());

        String out = run("status").out();

        assertThat(out).contains("Fleet 'main', this is member 'web1'.");
        assertThat(out.lines()).anyMatch(line -> line.matches("shop +green +8 +7"));
        assertThat(out.lines()).anyMatch(line -> line.matches("web1 +here +shop 7 +http://web1:9180"));
        assertThat(out.lines()).anyMatch(line -> line.matches("web2 +missing +shop 7 +http://web2:9180"));
        assertThat(out).contains("Member 'web1' looks names up for all, and");
        assertThat(run("members").out()).contains("web2").doesNotContain("green", "looks names up");
    }

    @Test
    @DisplayName("names the services of each member that looks after targets, if there are two")
    void elected() {
        JsonArray services = fleet().getJsonArray("services").copy();
        services.add(new JsonObject()
                        .put("service", "api")
                        .put("active", "blue")
                        .put("epoch", 2)
                        .put("here", 0)
                        .put("elected", "web2"))
                .add(new JsonObject()
                        .put("service", "mail")
                        .put("active", "blue")
                        .put("epoch", 1)
                        .put("here", 1)
                        .put("elected", null));
        answer("GET /admin/fleet", fleet().put("services", services));

        assertThat(run("status").out())
                .contains("Member 'web1' looks names up for all, and removes targets that are not renewed: of shop.")
                .contains("Member 'web2' looks names up for all, and removes targets that are not renewed: of api.")
                .doesNotContain("of mail", ", mail");
    }

    @Test
    @DisplayName("says why changes are refused, without what would control the terminal")
    void trouble() {
        answer("GET /admin/fleet", fleet().put("trouble", "etcd can't be reached\u001b[2J"));

        String out = run("status").out();

        assertThat(out).contains("Changes are refused since 2026-01-31T10:00:00Z: etcd can't be reached");
        assertThat(out).doesNotContain("\u001b[2J");
    }

    @Test
    @DisplayName("speaks Korean too, and says who is in no fleet")
    void korean() {
        answer("GET /admin/fleet", fleet().put("fleet", null));

        CommandRun run = CommandRun.in(Language.KOREAN, "fleet", "status", "--url", admin.url());

        assertThat(run.out()).contains("혼자 변경합니다", "없음");

        answer(
                "GET /admin/fleet",
                fleet().put("trouble", "etcd can't be reached").put("troubleKind", "unreachable"));
        assertThat(CommandRun.in(Language.KOREAN, "fleet", "status", "--url", admin.url())
                        .out())
                .contains("변경을 거절합니다: etcd에 연결할 수 없거나")
                .doesNotContain("reached");
    }

    @Test
    @DisplayName("begins, enters, and takes the named member out, or the one that is asked")
    void calls() {
        answer("GET /admin/fleet", fleet());
        for (String call : List.of(
                "POST /admin/fleet/init",
                "POST /admin/fleet/join",
                "DELETE /admin/fleet/members/web1",
                "DELETE /admin/fleet/members/web2")) {
            answer(call, fleet());
        }

        run("init");
        run("join");
        run("leave", "web2");
        run("leave");

        assertThat(calls)
                .containsExactly(
                        "POST /admin/fleet/init",
                        "POST /admin/fleet/join",
                        "DELETE /admin/fleet/members/web2",
                        "GET /admin/fleet",
                        "DELETE /admin/fleet/members/web1");
    }

    @Test
    @DisplayName("shows the plan of a recovery with the command that confirms it, and whom it waits for")
    void recovery() {
        JsonObject plan = new JsonObject()
                .put("recovered", false)
                .put("plan", "a1b2")
                .put(
                        "services",
                        new JsonArray(List.of(new JsonObject()
                                .put("service", "shop")
                                .put("active", "green")
                                .put("revision", 8)
                                .put("next", 1008)
                                .put("members", new JsonArray(List.of("web1"))))))
                .put("asked", new JsonArray(List.of("web1")))
                .put("silent", new JsonArray())
                .put("without", new JsonArray(List.of("web2")));
        answer("POST /admin/fleet/recover", plan);

        String out = run("recover", "--without", "web2").out();
        assertThat(out).contains("Nothing has changed.", "turnout fleet recover --without web2 --confirm a1b2");
        assertThat(out.lines()).anyMatch(line -> line.matches("shop +green +8 +1008 +web1"));

        answer("POST /admin/fleet/recover", plan.copy().put("silent", new JsonArray(List.of("web3"))));
        assertThat(run("recover").out()).contains("start web3").doesNotContain("--confirm");

        answer("POST /admin/fleet/recover", plan.copy().put("recovered", true));
        assertThat(run("recover", "--confirm", "a1b2").out())
                .contains("Recovered:")
                .doesNotContain("Next:");
    }

    @Test
    @DisplayName("refuses what it does not know, and says what the fleet has refused")
    void refusals() {
        admin.reply("POST /admin/fleet/join", AdminStub.problem(409, "fleet-differs", "Slot green serves here."));

        assertThat(run("dance").exit()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run("join").exit()).isNotZero();
        assertThat(run("join").err()).contains("Slot green serves here.");
    }
}
