package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Answers of Turnout's own have the operator's page, or a page in the client's language")
final class ErrorPagesIT {

    private static final String BROWSER = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    Path folder;

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    private static Response ask(TurnoutProcess turnout, String host, String lines) throws IOException {
        try (RawClient client = turnout.connect()) {
            return client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n" + lines + "\r\n")
                    .read();
        }
    }

    @Test
    void a_browser_gets_a_page_in_its_language_and_programs_a_problem() throws IOException {
        TurnoutProcess turnout = arena.start(TurnoutProcess.with().blue(blue).green(green));
        blue.kill();

        Response english = ask(turnout, "app.example", BROWSER + "Accept-Language: fr, en;q=0.8\r\n");
        Response korean = ask(turnout, "app.example", BROWSER + "Accept-Language: ko-KR,ko;q=0.9,en;q=0.8\r\n");
        Response program = ask(turnout, "app.example", "Accept: */*\r\n");

        assertThat(english.status()).isEqualTo(502);
        assertThat(english.fields().only("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(english.text())
                .contains("<html lang=\"en\">", "The service does not answer", "connect-failed")
                .containsPattern("request [0-9a-f-]{16,}");
        assertThat(korean.text()).contains("<html lang=\"ko\">", "서비스가 응답하지 않습니다");
        assertThat(new JsonObject(program.text()).getString("type")).isEqualTo("urn:turnout:problem:connect-failed");
    }

    @Test
    void pages_of_the_operator_are_read_at_the_start_and_at_a_reload_all_or_none() throws IOException {
        Path page = Files.writeString(
                folder.resolve("5xx.html"), "<p>{{status}} {{host}} {{cause}} {{request-id}} {{retry-after}}</p>");
        Path own = Files.writeString(folder.resolve("shop.html"), "<p>The shop is closed: {{message}}</p>");
        TurnoutProcess.Settings settings = TurnoutProcess.with()
                .inFile()
                .blue(blue)
                .green(green)
                .set("turnout.errors.5xx", page.toString())
                .set("turnout.services.\"shop\".hosts", "shop.example")
                .set("turnout.services.\"shop\".blue", blue.address())
                .set("turnout.services.\"shop\".green", green.address())
                .set("turnout.services.\"shop\".errors.503", own.toString());
        TurnoutProcess turnout = arena.start(settings);
        Admin admin = turnout.admin();
        admin.post("/admin/maintenance?retry-after=30s").expect(200);
        admin.post("/admin/maintenance?service=shop&message=<b>soon</b>"
                        .replace("<", "%3C")
                        .replace(">", "%3E"))
                .expect(200);

        assertThat(ask(turnout, "app.example", BROWSER + "X-Request-Id: <i>\r\n")
                        .text())
                .startsWith("<p>503 app.example maintenance ")
                .endsWith(" 30</p>")
                .doesNotContain("<i>");
        assertThat(ask(turnout, "shop.example", BROWSER).text())
                .isEqualTo("<p>The shop is closed: &lt;b&gt;soon&lt;/b&gt;</p>");

        Files.writeString(page, "<p>Two</p>");
        admin.post("/admin/reload").expect(200);
        assertThat(ask(turnout, "app.example", BROWSER).text()).isEqualTo("<p>Two</p>");

        Files.writeString(page, "<p>Three</p>");
        Files.delete(own);
        Admin.Answer refused = admin.post("/admin/reload").expect(422);
        assertThat(refused.text()).contains("turnout.services.\\\"shop\\\".errors.503=", "there is no such file");
        assertThat(ask(turnout, "app.example", BROWSER).text()).isEqualTo("<p>Two</p>");
        settings.set("turnout.client.idle", "30s").write();
        admin.post("/admin/reload").expect(422);
        assertThat(ask(turnout, "app.example", BROWSER).text()).isEqualTo("<p>Two</p>");
        assertThat(ask(turnout, "shop.example", BROWSER).text()).startsWith("<p>The shop is closed");

        turnout.terminate();
        turnout.awaitExit();
        TurnoutProcess again = arena.keep(turnout.launchSuccessor());
        assertThat(again.awaitExit()).isNotZero();
        assertThat(again.log()).contains("errors.503=", "there is no such file").doesNotContain("\tat ");
    }

    @Test
    void answers_of_the_application_HEAD_HTTP2_and_calls_stay_what_they_are() throws IOException {
        Path page = Files.writeString(folder.resolve("5xx.html"), "<p>{{status}}</p>");
        TurnoutProcess turnout =
                arena.start(TurnoutProcess.with().blue(blue).green(green).set("turnout.errors.5xx", page.toString()));
        blue.next(Effect.status(500, "my own"));
        assertThat(ask(turnout, "app.example", BROWSER).text()).isEqualTo("my own");

        turnout.admin().post("/admin/maintenance").expect(200);
        try (RawClient client = turnout.connect()) {
            Response head = client.send("HEAD / HTTP/1.1\r\nHost: app.example\r\n" + BROWSER + "\r\n")
                    .read("HEAD");
            assertThat(head.fields().only("Content-Length")).contains("10");
            assertThat(client.send("GET / HTTP/1.1\r\nHost: app.example\r\n" + BROWSER + "\r\n")
                            .read()
                            .text())
                    .isEqualTo("<p>503</p>");
        }
        try (Http2Client client = Http2Client.to(turnout.front().getPort())) {
            client.get(1, "/", "accept=text/html");
            Http2Client.Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("<p>503</p>");
            client.request(
                    3,
                    "POST",
                    "/shop.Cart/Add",
                    true,
                    "content-type=application/grpc",
                    "te=trailers",
                    "accept=text/html");
            assertThat(client.answer(3).status()).isEqualTo(200);
            assertThat(client.answer(3).body()).isEmpty();
        }
    }
}
