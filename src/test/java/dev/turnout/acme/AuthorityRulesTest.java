package dev.turnout.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.AcmeDirectory;
import dev.turnout.support.Guards;
import dev.turnout.support.Pebble;
import dev.turnout.support.PebbleFront;
import dev.turnout.support.PebbleFront.Call;
import dev.turnout.support.PebbleFront.Reply;
import dev.turnout.support.RequiresProgram;
import dev.turnout.tls.CertificateChain;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What authorities do that Pebble does not: limits, suggestions for renewals, profiles, and second thoughts. */
@RequiresProgram(value = "pebble", debianPackage = "pebble")
final class AuthorityRulesTest {

    private static final List<CertificatePlan> SHOP = RenewalsFixture.plans("shop.example.com");

    @RegisterExtension
    final Pebble pebble = new Pebble().environment("PEBBLE_VA_ALWAYS_VALID", "1");

    @RegisterExtension
    final Pebble second = new Pebble().environment("PEBBLE_VA_ALWAYS_VALID", "1");

    @TempDir
    private Path folder;

    private final AtomicReference<JsonObject> window = new AtomicReference<>();
    private PebbleFront front;
    private RenewalsFixture fixture;

    @BeforeEach
    void start() {
        pebble.start(1, 1);
        front = new PebbleFront(
                pebble,
                new JsonObject()
                        .put("renewalInfo", "https://localhost:PORT/ari")
                        .put("meta", new JsonObject().put("profiles", new JsonObject().put("short", "six days"))));
        front.rule(this::suggest);
        fixture = new RenewalsFixture(folder, new UnseenProofs())
                .at(pebble)
                .at(AcmeDirectory.parse(front.directory().toString()));
    }

    @AfterEach
    void stop() {
        front.close();
    }

    private Optional<Reply> suggest(Call call) {
        if (!call.path().startsWith("/ari/")) {
            return Optional.empty();
        }
        return Optional.ofNullable(window.get())
                .map(given -> new Reply(200, List.of("Retry-After: 3600"), given))
                .or(() -> Optional.of(Reply.problem(404, "malformed", "no such certificate")));
    }

    private void suggest(Instant start, Instant end) {
        window.set(new JsonObject()
                .put(
                        "suggestedWindow",
                        new JsonObject().put("start", start.toString()).put("end", end.toString())));
    }

    private CertificateChain pair() throws Exception {
        return fixture.folder().pair(SHOP.get(0)).orElseThrow();
    }

    private static Reply limit(String retryAfter) {
        return Reply.problem(
                429,
                "rateLimited",
                "too many certificates (5) already issued for this exact set of identifiers",
                "Retry-After: " + retryAfter);
    }

    @Test
    @Guards({"T1", "T2"})
    void a_limit_is_kept_over_restarts_until_its_end_and_told_in_the_authoritys_words() throws Exception {
        front.rule(call -> call.isNewOrder() ? Optional.of(limit("7200")) : Optional.empty());
        Instant began = fixture.clock.instant();
        Instant next = fixture.begin().run(SHOP);
        assertThat(next).isBetween(began.plusSeconds(3500), began.plusSeconds(3700));
        front.clear();

        for (int restarts = 0; restarts < 5; restarts++) {
            fixture.clock.pass(Duration.ofMinutes(20));
            Renewals restarted = fixture.begin();
            fixture.runAll(restarted, SHOP);
            assertThat(restarted.status().get(0).lastError()).hasValueSatisfying(words -> assertThat(words.english())
                    .contains("too many certificates (5) already issued"));
        }
        assertThat(front.newOrders()).hasSize(1);
        assertThat(fixture.failed).singleElement().asString().contains("too many certificates (5) already issued");
        assertThat(fixture.failing).hasSize(5).allSatisfy(failing -> {
            assertThat(failing.getKey()).isEqualTo("shop.example.com");
            assertThat(failing.getValue()).isBetween(began, began.plusSeconds(60));
        });

        fixture.clock.pass(Duration.ofMinutes(25));
        fixture.runAll(fixture.begin(), SHOP);
        assertThat(front.newOrders()).hasSize(2);
        assertThat(fixture.issued).hasValue(1);
    }

    @Test
    void a_limit_may_end_at_a_date() throws Exception {
        Instant end = fixture.clock.instant().plus(Duration.ofHours(30));
        front.rule(call -> call.isNewOrder()
                ? Optional.of(limit(DateTimeFormatter.RFC_1123_DATE_TIME.format(end.atZone(ZoneOffset.UTC))))
                : Optional.empty());

        fixture.begin().run(SHOP);

        assertThat(fixture.folder().record(SHOP.get(0)).failures().notBefore())
                .hasValueSatisfying(at -> assertThat(at).isBetween(end.minusSeconds(2), end.plusSeconds(2)));
    }

    @Test
    void a_certificate_is_renewed_in_the_window_that_the_authority_suggests_and_says_what_it_replaces()
            throws Exception {
        Instant now = fixture.clock.instant();
        suggest(now.plus(Duration.ofHours(10)), now.plus(Duration.ofHours(11)));
        Renewals renewals = fixture.begin();
        Instant next = fixture.runAll(renewals, SHOP);
        assertThat(next).isBetween(now.plusSeconds(3590), now.plusSeconds(3600));

        while (fixture.issued.get() == 1) {
            fixture.clock.to(next);
            next = fixture.runAll(renewals, SHOP);
        }

        assertThat(fixture.clock.instant()).isBetween(now.plus(Duration.ofHours(10)), now.plus(Duration.ofHours(11)));
        assertThat(front.newOrders()).hasSize(2);
        assertThat(front.newOrders().get(0).payload().containsKey("replaces")).isFalse();
        assertThat(front.newOrders().get(1).payload().getString("replaces")).contains(".");
    }

    @Test
    void a_window_in_the_past_renews_at_once_as_after_a_revocation() throws Exception {
        Instant now = fixture.clock.instant();
        suggest(now.plus(Duration.ofDays(10)), now.plus(Duration.ofDays(11)));
        Renewals renewals = fixture.begin();
        Instant next = fixture.runAll(renewals, SHOP);
        suggest(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)));
        fixture.clock.to(next);
        front.rule(call -> {
            if (call.isNewOrder()) {
                suggest(now.plus(Duration.ofDays(10)), now.plus(Duration.ofDays(11)));
            }
            return Optional.empty();
        });

        while (fixture.issued.get() == 1 && next.isBefore(now.plus(Duration.ofHours(2)))) {
            fixture.clock.to(next);
            next = fixture.runAll(renewals, SHOP);
        }

        assertThat(fixture.issued).hasValue(2);
    }

    @Test
    void a_window_that_stays_in_the_past_does_not_order_one_after_another() throws Exception {
        Instant now = fixture.clock.instant();
        suggest(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)));
        Renewals renewals = fixture.begin();

        Instant next = now;
        while (next.isBefore(now.plus(Duration.ofHours(3)))) {
            fixture.clock.to(next);
            next = fixture.runAll(renewals, SHOP);
        }

        assertThat(fixture.issued.get()).isBetween(2, 4);
    }

    @Test
    @Guards("T4")
    void without_a_suggestion_two_thirds_of_the_lifetime_hold() throws Exception {
        Renewals renewals = fixture.begin();
        fixture.runAll(renewals, SHOP);
        CertificateChain pair = pair();
        fixture.clock.to(pair.notBefore()
                .plus(pair.lifetime().multipliedBy(2).dividedBy(3))
                .minusSeconds(60));
        fixture.runAll(renewals, SHOP);
        assertThat(fixture.issued).hasValue(1);

        fixture.clock.pass(Duration.ofMinutes(2));
        fixture.runAll(renewals, SHOP);

        assertThat(fixture.issued).hasValue(2);
    }

    @Test
    @Guards("T3")
    void an_order_that_replaces_what_is_replaced_already_is_made_again_without_that() throws Exception {
        Instant now = fixture.clock.instant();
        suggest(now.plus(Duration.ofMinutes(90)), now.plus(Duration.ofMinutes(91)));
        Renewals renewals = fixture.begin();
        fixture.runAll(renewals, SHOP);
        front.rule(call -> call.isNewOrder() && call.payload().containsKey("replaces")
                ? Optional.of(Reply.problem(409, "alreadyReplaced", "this certificate has been replaced"))
                : Optional.empty());

        fixture.clock.pass(Duration.ofHours(2));
        fixture.runAll(renewals, SHOP);

        assertThat(fixture.issued).hasValue(2);
        assertThat(front.newOrders()).hasSize(3);
        assertThat(renewals.status().get(0).failures()).isZero();
    }

    @Test
    void certificates_are_ordered_with_the_profile() throws Exception {
        fixture.account(
                new CaSettings(Optional.empty(), Optional.of("short"), Optional.empty(), Optional.of(pebble.caFile())));

        fixture.runAll(fixture.begin(), SHOP);

        assertThat(front.newOrders().get(0).payload().getString("profile")).isEqualTo("short");
        assertThat(fixture.issued).hasValue(1);
    }

    @Test
    void a_profile_that_the_authority_does_not_know_is_said() throws Exception {
        fixture.account(
                new CaSettings(Optional.empty(), Optional.of("long"), Optional.empty(), Optional.of(pebble.caFile())));
        Renewals renewals = fixture.begin();

        renewals.run(SHOP);

        assertThat(renewals.status().get(0).lastError())
                .hasValueSatisfying(words -> assertThat(words.english()).contains("long"));
    }

    @Test
    void after_a_day_of_failures_the_fallback_is_asked_and_the_first_one_again_at_the_renewal() throws Exception {
        second.start(1, 1);
        front.rule(call -> call.isNewOrder()
                ? Optional.of(Reply.problem(500, "serverInternal", "we are down"))
                : Optional.empty());
        AcmeDirectory fallback = AcmeDirectory.parse(second.directory().toString());
        fixture.fallback(fallback).trust(second);
        Instant began = fixture.clock.instant();
        Renewals renewals = fixture.begin();
        Instant next = fixture.runAll(renewals, SHOP);
        while (fixture.issued.get() == 0) {
            assertThat(second.orders()).isZero();
            fixture.clock.to(next);
            next = fixture.runAll(renewals, SHOP);
        }

        assertThat(fixture.clock.instant())
                .isBetween(began.plus(Duration.ofHours(24)), began.plus(Duration.ofHours(31)));
        assertThat(fixture.folder(fallback).pair(SHOP.get(0))).isPresent();
        assertThat(renewals.status().get(0).failures()).isZero();

        front.clear();
        CertificateChain pair = fixture.folder(fallback).pair(SHOP.get(0)).orElseThrow();
        fixture.clock.to(pair.notBefore()
                .plus(pair.lifetime().multipliedBy(2).dividedBy(3))
                .plusSeconds(1));
        fixture.runAll(renewals, SHOP);
        assertThat(second.orders()).isOne();
        assertThat(fixture.folder().pair(SHOP.get(0))).isPresent();
    }

    @Test
    void after_a_refusal_staging_is_tried_and_the_authority_only_once_staging_went_well() throws Exception {
        second.start(1, 1);
        front.rule(call -> call.isNewOrder()
                ? Optional.of(Reply.problem(403, "rejectedIdentifier", "policy forbids it"))
                : Optional.empty());
        AcmeDirectory staging = AcmeDirectory.parse(second.directory().toString());
        fixture.staging(staging).trust(second);
        Renewals renewals = fixture.begin();

        Instant next = renewals.run(SHOP);
        assertThat(front.newOrders()).hasSize(1);
        assertThat(second.orders()).isZero();
        front.clear();
        fixture.clock.to(next);
        fixture.runAll(renewals, SHOP);

        assertThat(second.orders()).isOne();
        assertThat(front.newOrders()).hasSize(2);
        assertThat(fixture.issued).hasValue(1);
        assertThat(fixture.folder(staging).pair(SHOP.get(0))).isEmpty();
        assertThat(fixture.folder().pair(SHOP.get(0))).isPresent();
    }

    @Test
    void a_clock_that_is_months_ahead_orders_once_an_hour_and_not_one_after_another() throws Exception {
        fixture.clock.pass(Duration.ofDays(365 * 4 + 200));
        Renewals renewals = fixture.begin();

        Instant next = fixture.runAll(renewals, SHOP);

        assertThat(front.newOrders()).hasSize(1);
        assertThat(next).isEqualTo(fixture.clock.instant().plus(Duration.ofHours(1)));
    }
}
