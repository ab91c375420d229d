package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Ports;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.WebhookReceiver;
import dev.turnout.support.WebhookReceiver.Delivery;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Notifications of the packaged program")
final class NotifyIT {

    private static final String SECRET = "a-secret-of-the-receiver";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final WebhookReceiver receiver = WebhookReceiver.start();
    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        receiver.close();
    }

    private TurnoutProcess.Settings settings() {
        return TurnoutProcess.with().inFile().blue(blue).green(green).set("turnout.notify.url", receiver.url());
    }

    private TurnoutCommand word(TurnoutProcess turnout, List<String> variables, String... words) throws Exception {
        List<String> line = TurnoutCommand.line(words);
        line.addAll(List.of("--url", turnout.adminAddress().toString()));
        TurnoutCommand command = TurnoutCommand.start(folder, variables, line);
        command.exit();
        return command;
    }

    private List<String> events(int count) throws InterruptedException {
        return receiver.await(count).stream()
                .map(delivery -> delivery.json().getString("event"))
                .toList();
    }

    private static void assertThatNothingShowsTheAddress(String text) {
        assertThat(text).doesNotContain("T0SECRET").doesNotContain("xyzzy").doesNotContain(SECRET);
    }

    @Test
    @DisplayName("tell of a switch, a rollback, a refusal, an outage and its end, and never show the address")
    void a_receiver_hears_of_a_day() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), SECRET);
        TurnoutProcess turnout = arena.start(
                settings().set("turnout.health.deadline", "3s").set("turnout.notify.secret-file", secret.toString()));

        turnout.admin()
                .post("/admin/switch?to=green&by=kim&note=hotfix&version=1.4.2")
                .expect(200);
        assertThat(events(1)).containsExactly("deployed");
        turnout.admin().post("/admin/rollback").expect(200);
        assertThat(events(2).get(1)).isEqualTo("switched-back");
        green.probes(Effect.status(503, "no"));
        turnout.admin().post("/admin/switch?to=green").expect(424);
        assertThat(events(3).get(2)).isEqualTo("refused");
        blue.probes(Effect.status(503, "no"));
        assertThat(events(4).get(3)).isEqualTo("service-down");
        blue.probes(Effect.ok("up"));
        assertThat(events(5).get(4)).isEqualTo("service-back");

        List<Delivery> all = receiver.deliveries();
        assertThat(all).allSatisfy(delivery -> assertThat(
                        delivery.isGenuine(SECRET.getBytes(StandardCharsets.UTF_8), Instant.now()))
                .isTrue());
        assertThat(all.get(0).json().getJsonArray("lines").getString(0))
                .startsWith("Asked for: switch to green, by kim, ")
                .endsWith(": hotfix");
        assertThat(all.get(2).json().getJsonArray("lines").toString()).contains("503");
        String metrics = turnout.admin().get("/q/metrics").text();
        assertThat(metrics).contains("turnout_notifications_total{receiver=\"default\",result=\"sent\",} 5.0");
        assertThatNothingShowsTheAddress(metrics);
        assertThatNothingShowsTheAddress(turnout.admin().get("/admin/status").text());
        assertThatNothingShowsTheAddress(turnout.admin().get("/admin/history").text());
        assertThatNothingShowsTheAddress(turnout.log());
    }

    @Test
    @DisplayName("are tried by 'turnout notify test', in two languages, with an exit code")
    void the_word_tries_receivers() throws Exception {
        TurnoutProcess.Settings settings = settings().set("turnout.notify.receivers.\"ops\".url", receiver.url());
        TurnoutProcess turnout = arena.start(settings);

        TurnoutCommand good = word(turnout, List.of(), "notify", "test");
        assertThat(good.exit()).isZero();
        assertThat(good.out().lines().toList())
                .satisfiesExactly(
                        head -> assertThat(head).matches("RECEIVER +FORM +RESULT"),
                        row -> assertThat(row).matches("default +json +sent"),
                        row -> assertThat(row).matches("ops +json +sent"));
        receiver.always(403, "invalid_token");
        TurnoutCommand bad = word(turnout, List.of("LANG=ko_KR.UTF-8"), "notify", "test", "ops");
        assertThat(bad.exit()).isEqualTo(1);
        assertThat(bad.out()).contains("받는 곳", "보내지 못함: 받는 곳이 거절했습니다 (answered 403 (invalid_token))");
        TurnoutCommand json = word(turnout, List.of(), "notify", "test", "--json");
        assertThat(json.exit()).isEqualTo(1);
        assertThat(json.out()).contains("notification-failed", "\"cause\"").doesNotContain("xyzzy");
        TurnoutCommand unknown = word(turnout, List.of(), "notify", "test", "nobody");
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err()).contains("turnout.notify");
        assertThat(word(turnout, List.of(), "notify", "tset").exit()).isEqualTo(2);
    }

    @Test
    @DisplayName("go to another address after a reload, whose answer does not show it")
    void a_reload_takes_another_address() throws Exception {
        TurnoutProcess.Settings settings = settings();
        TurnoutProcess turnout = arena.start(settings);
        try (WebhookReceiver next = WebhookReceiver.start()) {
            settings.set("turnout.notify.url", next.url())
                    .set("turnout.notify.language", "ko")
                    .write();
            String answer = turnout.admin().post("/admin/reload").expect(200).text();
            turnout.admin().switchTo("green");

            assertThat(next.await(1).get(0).json().getString("title")).contains("전환 완료");
            assertThat(receiver.deliveries()).isEmpty();
            assertThat(answer).contains("turnout.notify.url", "(not shown)");
            assertThatNothingShowsTheAddress(answer + turnout.log());

            settings.set("turnout.notify.secret-file", folder.resolve("none").toString())
                    .write();
            assertThat(turnout.admin().post("/admin/reload").expect(422).text())
                    .contains(
                            "turnout.notify.secret-file", "there is no such file", "Notifications are sent as before");
        }
    }

    @Test
    @DisplayName("hold up neither a switch nor a stop if the receiver is silent")
    void a_silent_receiver_holds_nothing_up() throws Exception {
        receiver.silent();
        TurnoutProcess turnout = arena.start(settings());
        turnout.admin().switchTo("green");
        receiver.await(1);

        long began = System.nanoTime();
        turnout.admin().switchTo("blue");
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        began = System.nanoTime();
        turnout.terminate();
        turnout.awaitExit();

        assertThat(took).isLessThan(Duration.ofSeconds(3));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
        assertThat(turnout.log()).contains("Stopped");
    }

    @Test
    @DisplayName("tell over HTTPS that a certificate is in trouble, and that it is in order again")
    void trouble_with_a_certificate_is_told() throws Exception {
        TestAuthority authority = TestAuthority.root("Hook Authority");
        Path ca = Files.writeString(folder.resolve("ca.pem"), authority.pem());
        Path certificates = Files.createDirectory(folder.resolve("certificates"));
        authority.issue("shop.example.com").write(certificates, "shop");
        try (WebhookReceiver secure = WebhookReceiver.startSecure(authority.issue("localhost"))) {
            TurnoutProcess turnout = arena.start(settings()
                    .set("turnout.tls.port", String.valueOf(Ports.next()))
                    .set("turnout.tls.directory", certificates.toString())
                    .set("turnout.notify.url", secure.url())
                    .set("turnout.notify.ca-file", ca.toString()));

            Files.writeString(certificates.resolve("shop.crt"), "broken");
            turnout.admin().post("/admin/certificates/reload").expect(422);
            assertThat(secure.await(1).get(0).json().getString("title"))
                    .isEqualTo("The certificate of shop.example.com could not be renewed or read.");
            authority.issue("shop.example.com").write(certificates, "shop");
            turnout.admin().post("/admin/certificates/reload").expect(200);
            Delivery mended = secure.await(2).get(1);

            assertThat(mended.json().getString("title"))
                    .isEqualTo("The certificate of shop.example.com is in order again.");
            assertThat(secure.deliveries()).hasSize(2);
        }
    }

    @Test
    @DisplayName("are checked by 'turnout check' before anything starts")
    void check_knows_the_keys() throws Exception {
        TurnoutProcess.Settings settings = settings()
                .set("turnout.notify.url", "http://hooks.example.com/T0SECRET")
                .set(
                        "turnout.notify.receivers.\"ops\".url-file",
                        folder.resolve("none").toString());
        settings.write();

        TurnoutCommand check =
                TurnoutCommand.start(settings.file().getParent(), List.of(), TurnoutCommand.line("check"));

        assertThat(check.exit()).isEqualTo(1);
        assertThat(check.out() + check.err())
                .contains(
                        "The URL of turnout.notify.url crosses the network in clear",
                        "turnout.notify.receivers.\"ops\".url-file=",
                        "there is no such file")
                .doesNotContain("T0SECRET");
    }
}
