package dev.turnout.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.NginxConfig.Style;
import dev.turnout.support.Admin;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a real nginx can do of canary, rotation and pause, and what it is asked in vain. */
@RequiresProgram(value = "nginx", debianPackage = "nginx")
final class NginxSharesIT {

    private static final int REQUESTS = 200;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    Path folder;

    private final Backend blue = arena.backend().always(Effect.ok("blue"));
    private final Backend second = arena.backend().always(Effect.ok("second"));
    private final Backend green = arena.backend().always(Effect.ok("green"));
    private PrivateNginx nginx;

    @AfterEach
    void stop() {
        nginx.close();
    }

    @Test
    void a_canary_gets_its_share_of_the_requests_until_it_is_taken_back() throws IOException {
        Admin admin = start(Style.UPSTREAM, blue).admin();

        JsonObject begun = admin.post("/admin/canary?weight=25").expect(200).json();

        assertThat(begun.getInteger("weight")).isEqualTo(25);
        assertThat(begun.getJsonArray("warnings").encode()).contains("by request, not by client");
        assertThat(Files.readString(nginx.include()))
                .contains("server " + blue.address() + " weight=3;", "server " + green.address() + ";");
        assertThat(share("green")).isBetween(0.2, 0.3);

        JsonObject ended = admin.delete("/admin/canary").expect(200).json();

        assertThat(ended.getJsonObject("drain").getBoolean("drained")).isTrue();
        assertThat(share("green")).isZero();
    }

    @Test
    void a_canary_is_promoted_with_a_receipt() throws IOException {
        Admin admin = start(Style.UPSTREAM, blue).admin();
        admin.post("/admin/canary?weight=10").expect(200);

        JsonObject receipt = admin.post("/admin/canary/promote").expect(200).json();

        assertThat(receipt.getString("to")).isEqualTo("green");
        assertThat(share("green")).isEqualTo(1);
    }

    @Test
    void a_target_is_taken_out_of_rotation_and_put_back() throws IOException {
        Admin admin = start(Style.UPSTREAM, blue, second).admin();
        String target = "/admin/targets/" + second.address();
        admin.post(target + "/ready").expect(200);
        assertThat(share("second")).isBetween(0.4, 0.6);

        JsonObject out = admin.post(target + "/drain").expect(200).json();

        assertThat(out.getBoolean("inRotation")).isFalse();
        assertThat(out.getJsonObject("drain").getBoolean("drained")).isTrue();
        assertThat(Files.readString(nginx.include())).contains("server " + second.address() + " down;");
        assertThat(share("second")).isZero();

        admin.post(target + "/ready").expect(200);

        assertThat(share("second")).isBetween(0.4, 0.6);
    }

    @Test
    void one_variable_cannot_share_out_and_says_what_can() throws IOException {
        Admin admin = start(Style.VARIABLE, blue).admin();
        String before = Files.readString(nginx.include());

        for (String call : List.of("canary?weight=10", "targets/" + blue.address() + "/drain?force=true")) {
            Admin.Answer answer = admin.post("/admin/" + call).expect(409);
            assertThat(answer.problem()).isEqualTo("unsupported");
            assertThat(answer.json().getString("detail"))
                    .contains("turnout.nginx.style=upstream", "Nothing has changed");
        }
        assertThat(Files.readString(nginx.include())).isEqualTo(before);
        assertThat(admin.revision()).isEqualTo(1);
    }

    @Test
    void nginx_cannot_hold_requests_and_says_what_can() throws IOException {
        Admin admin = start(Style.UPSTREAM, blue).admin();

        Admin.Answer answer = admin.post("/admin/pause").expect(409);

        assertThat(answer.problem()).isEqualTo("unsupported");
        assertThat(answer.json().getString("detail")).contains("turnout.mode=proxy", "Nothing has changed");
        assertThat(admin.status().getBoolean("paused")).isFalse();
        assertThat(admin.post("/admin/resume").expect(200).json().getBoolean("changed"))
                .isFalse();
    }

    @Test
    void nginx_answers_clients_itself_so_maintenance_is_refused() throws IOException {
        Admin admin = start(Style.UPSTREAM, blue).admin();

        Admin.Answer answer = admin.post("/admin/maintenance").expect(409);

        assertThat(answer.problem()).isEqualTo("unsupported");
        assertThat(answer.json().getString("detail"))
                .contains("turnout.mode=proxy", "return 503;", "Nothing has changed");
        assertThat(admin.status().getValue("maintenance")).isNull();
        assertThat(admin.delete("/admin/maintenance").expect(200).json().getBoolean("changed"))
                .isFalse();
    }

    private TurnoutProcess start(Style style, Backend... blueTargets) throws IOException {
        nginx = PrivateNginx.of(style, folder.resolve("nginx"), blue.address());
        TurnoutProcess.Settings settings =
                TurnoutProcess.with().blue(blueTargets).green(green);
        for (Map.Entry<String, String> entry : nginx.settings(style).entrySet()) {
            settings.set(entry.getKey(), entry.getValue());
        }
        return arena.start(settings);
    }

    /** Of requests with a connection each. */
    private double share(String answer) {
        long theirs = IntStream.range(0, REQUESTS)
                .filter(i -> BrowserLoad.once(nginx.front()).equals(answer))
                .count();
        return (double) theirs / REQUESTS;
    }
}
