package dev.turnout.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.turnout.config.ConfigReport;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.support.Await;
import dev.turnout.support.LoggedLines;
import dev.turnout.support.Ports;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestClock;
import dev.turnout.support.WebhookReceiver;
import dev.turnout.support.WebhookReceiver.Delivery;
import dev.turnout.switching.ChangeEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Receivers of notifications")
final class NotificationsTest {

    private static final HookTimes QUICK = new HookTimes(Duration.ofMillis(20), Duration.ofSeconds(1));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Notifications notifications = new Notifications(registry, "web-1", Clock.systemUTC(), QUICK);
    private final WebhookReceiver receiver = WebhookReceiver.start();
    private final LoggedLines log = new LoggedLines("dev.turnout");

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        notifications.stop();
        receiver.close();
        log.close();
    }

    private static Notifications.Prepared prepared(Map<String, String> settings) {
        return Notifications.prepare(config(settings));
    }

    private static ConfigReport checked(Map<String, String> settings) {
        return Notifications.check(config(settings));
    }

    private static TurnoutConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of("turnout.blue", "127.0.0.1:1", "turnout.green", "127.0.0.1:2"));
        settings.forEach((key, value) -> all.put("turnout.notify." + key, value));
        return new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(all, "test", 500))
                .build());
    }

    private void begin(Map<String, String> settings) {
        notifications.apply(prepared(settings));
        notifications.begin();
    }

    private static ChangeEvent down(String service, String reason) {
        return new ChangeEvent(
                service,
                "outage",
                new JsonObject()
                        .put("service", service)
                        .put("what", "no target is up")
                        .put("verdict", "outage-began")
                        .put("reason", reason));
    }

    private static ChangeEvent switched(String from, String to, String what) {
        JsonObject serving = new JsonObject()
                .put("slot", to)
                .put("targets", new JsonArray().add("127.0.0.1:8081"))
                .put("version", "1.4.2")
                .put("revision", 7);
        return new ChangeEvent(
                "shop",
                "switched",
                new JsonObject()
                        .put("service", "shop")
                        .put("changed", true)
                        .put("from", from)
                        .put("to", to)
                        .put("version", "1.4.2")
                        .put("serving", serving)
                        .put("warnings", new JsonArray())
                        .put("what", what)
                        .put("who", "127.0.0.1")
                        .put("by", "kim"));
    }

    private double count(String result) {
        return Optional.ofNullable(registry.find("turnout.notifications")
                        .tag("result", result)
                        .counter())
                .map(Counter::count)
                .orElse(-1.0);
    }

    private void awaitCount(String result, double count) {
        Await.until(result + " is " + count, () -> count(result) == count);
    }

    private void assertThatNothingShowsTheAddress(List<String> lines) {
        assertThat(String.join("\n", lines)).doesNotContain("T0SECRET", "xyzzy", "localhost");
    }

    // --- Forms

    @Test
    @DisplayName("of the form json get what happened, for programs and for people")
    void a_program_gets_facts_and_text() throws Exception {
        begin(Map.of("url", receiver.url()));

        notifications.changed(switched("blue", "green", "switch to green"));

        Delivery delivery = receiver.await(1).get(0);
        assertThat(delivery.path()).isEqualTo(WebhookReceiver.SECRET_PATH);
        assertThat(delivery.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
        JsonObject json = delivery.json();
        assertThat(json.getString("id")).isEqualTo(delivery.header("webhook-id"));
        assertThat(json.getString("event")).isEqualTo("deployed");
        assertThat(json.getString("service")).isEqualTo("shop");
        assertThat(json.getString("sender")).isEqualTo("web-1");
        assertThat(json.getString("tone")).isEqualTo("good");
        assertThat(json.getString("title")).isEqualTo("shop: Switched: green (version 1.4.2) serves instead of blue.");
        assertThat(json.getJsonArray("lines"))
                .containsExactly(
                        "Asked for: switch to green, by kim, 127.0.0.1",
                        "Serving: green 127.0.0.1:8081, version 1.4.2, revision 7.");
        assertThat(json.getJsonObject("detail").getString("from")).isEqualTo("blue");
        assertThat(Instant.parse(json.getString("at"))).isBeforeOrEqualTo(delivery.at());
        awaitCount("sent", 1);
    }

    @Test
    @DisplayName("of Slack get text in which nothing is markup or a mention")
    void slack() throws Exception {
        begin(Map.of("url", receiver.url(), "form", "slack"));

        notifications.changed(down("shop", "<!channel> & <https://evil.example|click> *bold*"));

        JsonObject json = receiver.await(1).get(0).json();
        assertThat(json.getString("text")).isEqualTo("shop: DOWN, no target is up.");
        JsonObject attachment = json.getJsonArray("attachments").getJsonObject(0);
        assertThat(attachment.getString("text"))
                .isEqualTo("&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt; *bold*");
        assertThat(attachment.getJsonArray("mrkdwn_in")).isEmpty();
        assertThat(attachment.getString("color")).isEqualTo("#c62828");
        assertThat(attachment.getString("footer")).isEqualTo("Turnout, web-1");
        assertThat(attachment.getLong("ts")).isCloseTo(Instant.now().getEpochSecond(), offset(60L));
    }

    @Test
    @DisplayName("of Discord get text in which nothing is Markdown, and nobody is mentioned")
    void discord() throws Exception {
        receiver.always(204, "");
        begin(Map.of("url", receiver.url(), "form", "discord"));

        notifications.changed(down("shop", "@everyone **x** [a](https://evil.example) " + "y".repeat(9_000)));

        JsonObject json = receiver.await(1).get(0).json();
        assertThat(json.getJsonObject("allowed_mentions").getJsonArray("parse")).isEmpty();
        JsonObject embed = json.getJsonArray("embeds").getJsonObject(0);
        assertThat(embed.getString("title")).isEqualTo("shop\\: DOWN, no target is up.");
        assertThat(embed.getString("description"))
                .startsWith("\\@everyone \\*\\*x\\*\\* \\[a\\]\\(https\\://evil.example\\)")
                .hasSizeLessThanOrEqualTo(4_096);
        assertThat(embed.getInteger("color")).isEqualTo(0xc62828);
        awaitCount("sent", 1);
    }

    @Test
    @DisplayName("of KakaoWork get blocks within its limits, and a no in its answer is heard")
    void kakao_work() throws Exception {
        receiver.answer(200, Map.of(), "{\"success\":true}")
                .answer(200, Map.of(), "{\"success\":false,\"error\":{\"message\":\"invalid_blocks\"}}");
        begin(Map.of("url", receiver.url(), "form", "kakaowork", "language", "ko"));

        notifications.changed(down("a-service-with-a-long-name", "이유 " + "가".repeat(9_000)));
        notifications.changed(down("shop", "x"));

        JsonObject json = receiver.await(1).get(0).json();
        assertThat(json.getString("text")).isEqualTo("a-service-with-a-long-name: 중단됨: 정상인 대상이 없습니다.");
        JsonArray blocks = json.getJsonArray("blocks");
        assertThat(blocks.getJsonObject(0).getString("type")).isEqualTo("header");
        assertThat(blocks.getJsonObject(0).getString("style")).isEqualTo("red");
        assertThat(blocks.getJsonObject(0).getString("text")).hasSize(20);
        assertThat(blocks.getJsonObject(1)
                        .getJsonArray("inlines")
                        .getJsonObject(0)
                        .getBoolean("bold"))
                .isTrue();
        assertThat(blocks.stream().map(JsonObject.class::cast).filter(block -> block.containsKey("inlines")))
                .allSatisfy(block -> {
                    assertThat(block.getString("type")).isEqualTo("text");
                    assertThat(block.getString("text")).hasSizeBetween(1, 500);
                });
        awaitCount("sent", 1);
        awaitCount("failed", 1);
        assertThat(log.take()).anySatisfy(line -> assertThat(line).contains("answered 200 (invalid_blocks)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "ko"})
    @DisplayName("get each event as a text in their language")
    void each_event_has_a_text(String language) throws Exception {
        begin(Map.of("url", receiver.url(), "language", language));
        JsonObject refusal = new JsonObject()
                .put("what", "switch to green")
                .put("who", "127.0.0.1")
                .put("problem", new JsonObject().put("reason", "DRIFT").put("detail", "the include file differs"));

        notifications.changed(switched("blue", "green", "switch to green"));
        notifications.changed(switched("blue", "blue", "switch to green"));
        notifications.changed(switched("green", "blue", "rollback"));
        notifications.changed(new ChangeEvent("shop", "refused", refusal));
        notifications.changed(down("shop", "refused"));
        notifications.changed(new ChangeEvent(
                "shop",
                "outage",
                new JsonObject()
                        .put("verdict", "outage-ended")
                        .put("what", "a target is up again")
                        .put("durationMillis", 12_000)));
        notifications.changed(new ChangeEvent(
                "shop",
                "outage",
                new JsonObject()
                        .put("verdict", "outage-ended")
                        .put("what", "the service is gone")
                        .put("durationMillis", 12_000)
                        .put("served", false)));
        notifications.certificate(certificate("certificate-ending").put("daysLeft", 5));
        notifications.certificate(certificate("certificate-failed").put("reason", "rate limited"));
        notifications.certificate(certificate("certificate-renewed"));

        List<JsonObject> told = receiver.await(10).stream().map(Delivery::json).toList();
        assertThat(told)
                .extracting(json -> json.getString("event"))
                .containsExactly(
                        "deployed",
                        "switched-back",
                        "switched-back",
                        "refused",
                        "service-down",
                        "service-back",
                        "service-back",
                        "certificate",
                        "certificate",
                        "certificate");
        assertThat(told)
                .extracting(json -> json.getString("tone"))
                .containsExactly(
                        "good", "bad", "warning", "warning", "bad", "good", "warning", "warning", "bad", "good");
        List<String> titles = language.equals("en")
                ? List.of(
                        "shop: Switched: green (version 1.4.2) serves instead of blue.",
                        "shop: SWITCHED BACK: the new slot was worse, and blue 127.0.0.1:8081, version 1.4.2 serves again.",
                        "shop: Rolled back: blue 127.0.0.1:8081, version 1.4.2 serves again.",
                        "shop: Refused: switch to green.",
                        "shop: DOWN, no target is up.",
                        "shop: UP again.",
                        "shop: REMOVED while it was down.",
                        "The certificate of shop.example.com ends in 5 days.",
                        "The certificate of shop.example.com could not be renewed or read.",
                        "The certificate of shop.example.com is in order again.")
                : List.of(
                        "shop: 전환 완료: blue 대신 green (버전 1.4.2)가 서비스합니다.",
                        "shop: 자동으로 되돌림: 새 슬롯의 상태가 나빠 blue 127.0.0.1:8081, 버전 1.4.2가 다시 서비스합니다.",
                        "shop: 되돌림: blue 127.0.0.1:8081, 버전 1.4.2가 다시 서비스합니다.",
                        "shop: 거부됨: switch to green.",
                        "shop: 중단됨: 정상인 대상이 없습니다.",
                        "shop: 다시 정상입니다.",
                        "shop: 중단된 상태에서 제거되었습니다.",
                        "shop.example.com 인증서가 5일 뒤 만료됩니다.",
                        "shop.example.com 인증서를 갱신하거나 읽지 못했습니다.",
                        "shop.example.com 인증서가 다시 정상입니다.");
        assertThat(told).extracting(json -> json.getString("title")).isEqualTo(titles);
        assertThat(told.get(3).getJsonArray("lines"))
                .contains("the include file differs")
                .anySatisfy(line -> assertThat(line.toString()).startsWith(language.equals("en") ? "Next: " : "다음: "));
    }

    private static JsonObject certificate(String verdict) {
        return new JsonObject().put("verdict", verdict).put("names", new JsonArray().add("shop.example.com"));
    }

    // --- Signature

    @ParameterizedTest
    @ValueSource(strings = {"a-secret-of-24-characters", "whsec_c2VjcmV0LWluLWJhc2U2NC0xMjM0NTY="})
    @DisplayName("can check who has written a message, and when")
    void a_message_is_signed_with_its_time(String secret) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), secret + "\n");
        begin(Map.of("url", receiver.url(), "secret-file", file.toString()));
        receiver.answer(500);

        notifications.changed(down("shop", "x"));

        List<Delivery> both = receiver.await(2);
        byte[] bytes = secret.startsWith("whsec_")
                ? Base64.getDecoder().decode(secret.substring(6))
                : secret.getBytes(StandardCharsets.UTF_8);
        assertThat(both).allSatisfy(delivery -> {
            assertThat(delivery.isGenuine(bytes, Instant.now())).isTrue();
            assertThat(delivery.isGenuine(bytes, Instant.now().plusSeconds(600)))
                    .isFalse();
            assertThat(delivery.isGenuine("another".getBytes(StandardCharsets.UTF_8), Instant.now()))
                    .isFalse();
        });
        assertThat(both)
                .extracting(delivery -> delivery.header("webhook-id"))
                .containsOnly(both.get(0).header("webhook-id"));
    }

    // --- Tries

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
    @DisplayName("that can't take a message now are asked again")
    void a_passing_failure_is_tried_again(int status) throws Exception {
        receiver.answer(status).answer(status);
        begin(Map.of("url", receiver.url()));

        notifications.changed(down("shop", "x"));

        assertThat(receiver.await(3))
                .extracting(delivery -> delivery.header("webhook-id"))
                .hasSize(3)
                .containsOnly(receiver.deliveries().get(0).header("webhook-id"));
        awaitCount("sent", 1);
        assertThat(log.take()).anySatisfy(line -> assertThat(line)
                .contains("'shop: service-down' could not be sent to receiver 'default', and is tried again: it"
                        + " answered " + status));
    }

    @Test
    @DisplayName("that say how long to wait are not asked before")
    void retry_after_is_obeyed() throws Exception {
        receiver.answer(429, Map.of("Retry-After", "1"), "");
        begin(Map.of("url", receiver.url()));

        notifications.changed(down("shop", "x"));

        List<Delivery> both = receiver.await(2);
        assertThat(Duration.between(both.get(0).at(), both.get(1).at())).isGreaterThanOrEqualTo(Duration.ofMillis(950));
    }

    @Test
    @DisplayName("that ask for more time than there is lose the message")
    void a_wait_that_is_too_long_ends_the_message() throws Exception {
        receiver.answer(429, Map.of("Retry-After", "3600"), "");
        begin(Map.of("url", receiver.url()));

        notifications.changed(down("shop", "x"));

        awaitCount("failed", 1);
        assertThat(receiver.deliveries()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308, 400, 401, 403, 404, 410})
    @DisplayName("that refuse are not asked again, and a redirect is not followed")
    void a_refusal_is_final(int status) throws Exception {
        WebhookReceiver elsewhere = WebhookReceiver.start();
        receiver.answer(status, Map.of("Location", elsewhere.url()), "no_service");
        begin(Map.of("url", receiver.url()));

        notifications.changed(down("shop", "x"));

        awaitCount("failed", 1);
        assertThat(receiver.deliveries()).hasSize(1);
        assertThat(elsewhere.deliveries()).isEmpty();
        elsewhere.close();
        List<String> lines = log.take();
        assertThat(lines).anySatisfy(line -> assertThat(line)
                .startsWith("WARN The notification 'shop: service-down' was not sent to receiver 'default' and"
                        + " is dropped after one try: it answered " + status));
        assertThatNothingShowsTheAddress(lines);
    }

    @Test
    @DisplayName("that do not answer are given up after a time")
    void a_silent_receiver_is_given_up() throws Exception {
        receiver.silent();
        begin(Map.of("url", receiver.url(), "give-up", "1s"));

        notifications.changed(down("shop", "x"));

        awaitCount("failed", 1);
        List<String> lines = log.take();
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("did not answer in 1 s"));
        assertThatNothingShowsTheAddress(lines);
    }

    @Test
    @DisplayName("that fail are tried again although the clock is set forward meanwhile")
    void a_clock_that_is_set_forward_loses_no_message() throws Exception {
        receiver.answer(503).answer(503);
        afterClockIsSet(Duration.ofDays(365), Map.of("url", receiver.url()), () -> {
            receiver.await(3);
            awaitCount("sent", 1);
        });
    }

    @Test
    @DisplayName("that fail are given up after a time although the clock is set back meanwhile")
    void a_clock_that_is_set_back_keeps_no_message() throws Exception {
        receiver.always(503, "");
        afterClockIsSet(
                Duration.ofDays(-365),
                Map.of("url", receiver.url(), "give-up", "300ms"),
                () -> awaitCount("failed", 1));
    }

    private interface Expectation {
        void isMet() throws Exception;
    }

    /** Sets the clock when a message waits, before the message is sent. */
    private void afterClockIsSet(Duration jump, Map<String, String> settings, Expectation expected) throws Exception {
        TestClock clock = new TestClock(Instant.now());
        Notifications jumping = new Notifications(registry, "web-1", clock, QUICK);
        try {
            jumping.apply(prepared(settings));
            jumping.changed(down("shop", "x"));
            clock.pass(jump);
            jumping.begin();

            expected.isMet();
        } finally {
            jumping.stop();
        }
    }

    @Test
    @DisplayName("that are dead are tried to the end of the time, and get the next message when they live")
    void a_dead_receiver_is_tried_to_the_end() throws Exception {
        begin(Map.of("url", "http://localhost:" + Ports.next() + "/T0SECRET", "give-up", "300ms"));
        notifications.changed(down("shop", "x"));
        awaitCount("failed", 1);
        List<String> lines = log.take();
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("can't be reached", "tries"));
        assertThatNothingShowsTheAddress(lines);

        notifications.apply(prepared(Map.of("url", receiver.url())));
        notifications.changed(down("shop", "y"));

        receiver.await(1);
        Await.until("the end of the trouble is told", () -> log.take().stream()
                .anyMatch(line -> line.startsWith("INFO The notification 'shop: service-down' was sent")));
    }

    @Test
    @DisplayName("whose host has no address are given up")
    void an_unknown_host_is_a_failure() throws Exception {
        begin(Map.of("url", "http://no-such-host.invalid/T0SECRET", "give-up", "50ms"));

        notifications.changed(down("shop", "x"));

        awaitCount("failed", 1);
        List<String> lines = log.take();
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("can't be found"));
        assertThat(String.join("\n", lines)).doesNotContain("no-such-host", "T0SECRET");
    }

    @Test
    @DisplayName("never hold up whoever tells, and at most 100 messages wait for each")
    void a_full_queue_drops_and_never_blocks() throws Exception {
        receiver.silent();
        begin(Map.of("url", receiver.url()));
        notifications.changed(down("shop", "first"));
        receiver.await(1);

        long began = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            notifications.changed(down("shop", "x"));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        assertThat(took).isLessThan(Duration.ofSeconds(1));
        assertThat(count("dropped")).isEqualTo(900);
        assertThat(log.take().stream().filter(line -> line.contains("are dropped: 100 wait already")))
                .hasSize(1);
    }

    @Test
    @DisplayName("do not hold up one another")
    void a_silent_receiver_holds_up_no_other() throws Exception {
        WebhookReceiver dead = WebhookReceiver.start().silent();
        begin(Map.of("url", dead.url(), "receivers.\"ops\".url", receiver.url()));

        for (int i = 0; i < 50; i++) {
            notifications.changed(down("shop", "x"));
        }

        receiver.await(50);
        dead.close();
    }

    @Test
    @DisplayName("are let go within two seconds when Turnout stops, and what waits is counted")
    void a_stop_takes_two_seconds_at_most() throws Exception {
        receiver.silent();
        begin(Map.of("url", receiver.url()));
        for (int i = 0; i < 10; i++) {
            notifications.changed(down("shop", "x"));
        }
        receiver.await(1);

        long began = System.nanoTime();
        notifications.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
        assertThat(count("dropped")).isPositive();
        assertThat(log.take()).anySatisfy(line -> assertThat(line).contains("were dropped, since it is gone"));
        Await.until("each message is counted", () -> count("failed") + count("dropped") == 10);
    }

    @Test
    @DisplayName("are removed while one is being asked, and its message is told as not sent")
    void a_message_that_is_being_sent_to_a_receiver_that_is_removed_is_counted() throws Exception {
        receiver.silent();
        Notifications patient = new Notifications(
                registry, "web-1", Clock.systemUTC(), new HookTimes(Duration.ofMillis(20), Await.PATIENCE));
        patient.apply(prepared(Map.of("url", receiver.url())));
        patient.begin();
        patient.changed(down("shop", "x"));
        receiver.await(1);

        patient.apply(prepared(Map.of()));

        awaitCount("failed", 1);
        assertThat(log.take()).anySatisfy(line -> assertThat(line)
                .startsWith("WARN The notification 'shop: service-down' was not sent to receiver 'default' and is"
                        + " dropped after one try: it had not answered when it was removed, or Turnout stopped"));
    }

    // --- Settings

    @Test
    @DisplayName("are told of the events that they are to be told of only")
    void events_are_chosen_by_key() throws Exception {
        begin(Map.of("url", receiver.url(), "events", "service-down"));

        notifications.changed(switched("blue", "green", "switch to green"));
        notifications.changed(down("shop", "x"));

        awaitCount("sent", 1);
        assertThat(receiver.deliveries()).singleElement().satisfies(delivery -> assertThat(
                        delivery.json().getString("event"))
                .isEqualTo("service-down"));
    }

    @Test
    @DisplayName("get what happened before they could be told")
    void events_before_the_begin_are_told_after_it() throws Exception {
        notifications.apply(prepared(Map.of("url", receiver.url())));
        notifications.changed(down("shop", "x"));
        assertThat(receiver.deliveries()).isEmpty();

        notifications.begin();

        receiver.await(1);
    }

    @Test
    @DisplayName("are replaced while messages wait, which go to the new address")
    void a_reload_takes_what_waits_to_the_new_address() throws Exception {
        WebhookReceiver old = WebhookReceiver.start().always(503, "");
        begin(Map.of("url", old.url()));
        notifications.changed(down("shop", "x"));
        old.await(1);

        notifications.apply(prepared(Map.of("url", receiver.url())));

        receiver.await(1);
        old.close();
    }

    @Test
    @DisplayName("with a certificate of a private authority need its file")
    void https_is_verified() throws Exception {
        TestAuthority authority = TestAuthority.root("Hook Authority");
        Path ca = Files.writeString(folder.resolve("ca.pem"), authority.pem());
        try (WebhookReceiver secure = WebhookReceiver.startSecure(authority.issue("localhost"));
                WebhookReceiver other = WebhookReceiver.startSecure(authority.issue("other.example"))) {
            begin(Map.of(
                    "url", secure.url(),
                    "ca-file", ca.toString(),
                    "receivers.\"other\".url", other.url()));
            assertThat(notifications.test(Optional.empty()))
                    .satisfiesExactly(trial -> assertThat(trial.isSent()).isTrue(), trial -> assertThat(trial.cause())
                            .contains("not-trusted"));
            assertThat(secure.deliveries()).hasSize(1);
            assertThat(other.deliveries()).isEmpty();

            notifications.apply(prepared(Map.of("url", secure.url())));

            assertThat(notifications.test(Optional.empty())).singleElement().satisfies(trial -> {
                assertThat(trial.cause()).contains("not-trusted");
                assertThatNothingShowsTheAddress(List.of(trial.words()));
            });
        }
    }

    @Test
    @DisplayName("whose files can't be used are refused, and their content is not shown")
    void a_file_that_can_not_be_used_is_refused() throws Exception {
        Path file = Files.writeString(folder.resolve("url"), "T0SECRET is no URL\n");

        assertThatThrownBy(() -> prepared(Map.of("url-file", file.toString())))
                .isInstanceOf(ReceiverRefused.class)
                .hasMessage("turnout.notify.url-file=" + file
                        + ": its first line is no URL that begins with https:// or http://. Repair the file, or remove"
                        + " the key.");
        assertThatThrownBy(() -> prepared(Map.of("url", receiver.url(), "secret-file", folder + "/none")))
                .isInstanceOf(ReceiverRefused.class)
                .hasMessageContaining("turnout.notify.secret-file=")
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> prepared(Map.of("url", receiver.url(), "ca-file", file.toString())))
                .isInstanceOf(ReceiverRefused.class)
                .hasMessageContaining("it holds no certificate");
    }

    @Test
    @DisplayName("whose file has a doubtful address are warned of, and the address is not shown")
    void a_doubtful_address_in_a_file() throws Exception {
        Path clear = Files.writeString(folder.resolve("clear"), "http://hooks.example.com/T0SECRET\n");
        Path page = Files.writeString(folder.resolve("page"), "https://app.slack.com/client/T0SECRET\n");
        Path good = Files.writeString(folder.resolve("good"), "https://hooks.example.com/T0SECRET\n");

        assertThat(checked(Map.of("url-file", clear.toString())).warnings())
                .containsExactly(
                        "The URL in the file of turnout.notify.url-file crosses the network in clear, and whoever"
                                + " reads it can write there: use https://.");
        assertThat(checked(Map.of("receivers.\"ops\".url-file", page.toString()))
                        .warnings())
                .containsExactly(
                        "The URL in the file of turnout.notify.receivers.\"ops\".url-file is no incoming webhook"
                                + " of Slack: copy the address again.");
        assertThat(checked(Map.of("url-file", good.toString())).warnings()).isEmpty();
    }

    // --- Trial

    @Test
    @DisplayName("are tried by name, all at once, and say what they have answered")
    void a_trial_says_what_each_has_answered() throws Exception {
        receiver.always(404, "no_service");
        WebhookReceiver good = WebhookReceiver.start();
        begin(Map.of("url", receiver.url(), "receivers.\"good\".url", good.url()));

        List<ReceiverTrial> all = notifications.test(Optional.empty());

        assertThat(all)
                .satisfiesExactly(
                        trial -> {
                            assertThat(trial.receiver()).isEqualTo("default");
                            assertThat(trial.cause()).contains("answer");
                            assertThat(trial.words()).isEqualTo("answered 404 (no_service)");
                        },
                        trial -> assertThat(trial.isSent()).isTrue());
        assertThat(good.deliveries().get(0).json().getString("event")).isEqualTo("test");
        assertThat(notifications.test(Optional.of("good"))).hasSize(1);
        assertThat(notifications.test(Optional.of("none"))).isEmpty();
        good.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "you asked for /hooks/T0SECRET/B0SECRET/xyzzyPLUGH",
                "{\"message\":\"no xyzzyPLUGH here\"}",
                "<html>xyzzy</html>",
                "{\"error\":{\"message\":\"\"}}",
                "{broken",
                ""
            })
    @DisplayName("may answer with the address: it is not shown")
    void an_answer_that_shows_the_address_is_not_shown(String body) throws Exception {
        receiver.always(403, body);
        begin(Map.of("url", receiver.url()));

        assertThat(notifications.test(Optional.empty()).get(0).words()).isEqualTo("answered 403");
    }

    @Test
    @DisplayName("may answer without an end: its first bytes are read only")
    void a_long_answer_is_not_read_to_its_end() throws Exception {
        receiver.always(200, "x".repeat(10_000_000));
        begin(Map.of("url", receiver.url()));

        assertThat(notifications.test(Optional.empty()).get(0).isSent()).isTrue();
    }

    /** A clock that has an error for the thread of a receiver, once. */
    private static final class FailingClock extends Clock {

        private final AtomicBoolean hasError = new AtomicBoolean(true);

        @Override
        public Instant instant() {
            boolean isReceiver = Thread.currentThread().getName().startsWith("turnout-notify-");
            if (isReceiver && hasError.compareAndSet(true, false)) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return Instant.now();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    @DisplayName("get the message after one that ended in an error")
    void an_error_does_not_end_a_receiver() throws InterruptedException {
        Notifications failing = new Notifications(registry, "web-1", new FailingClock(), QUICK);
        try {
            failing.apply(prepared(Map.of("url", receiver.url())));
            failing.begin();

            failing.changed(switched("blue", "green", "switch to green"));
            awaitCount("failed", 1);
            failing.changed(switched("green", "blue", "switch to blue"));

            assertThat(receiver.await(1).get(0).path()).isEqualTo(WebhookReceiver.SECRET_PATH);
            awaitCount("sent", 1);
        } finally {
            failing.stop();
        }
    }
}
