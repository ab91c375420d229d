package dev.turnout.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.DataPlane;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.Guards;
import dev.turnout.support.NoCertificates;
import dev.turnout.support.Pebble;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TestLoops;
import dev.turnout.tls.CertificateChain;
import dev.turnout.tls.TargetWays;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@RequiresProgram(value = "pebble", debianPackage = "pebble")
final class PebbleTest {

    private static final List<CertificatePlan> SHOP = RenewalsFixture.plans("shop.example.com");

    @RegisterExtension
    final Pebble pebble = new Pebble();

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private DataPlane front;
    private RenewalsFixture fixture;

    @BeforeEach
    void start() {
        front = front();
        fixture = new RenewalsFixture(
                folder, new HttpProofs(front.httpChallenges(), front.plainPort().orElseThrow()));
    }

    private DataPlane front() {
        Map<String, String> properties = Map.of("turnout.listen.host", "127.0.0.1", "turnout.listen.port", "0");
        DataPlane plane = new DataPlane(
                TestLoops.of(vertx),
                new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                        .withSources(new PropertiesConfigSource(properties, "test", 500))
                        .build()),
                new NoCertificates(),
                new TargetWays());
        Pool nobody = Pool.of(List.of(new Target("127.0.0.1", 1)));
        plane.start(RoutingState.of(List.of(Service.initial(
                Service.DEFAULT, nobody, Pool.of(List.of(new Target("127.0.0.1", 2))), Instant.EPOCH))));
        return plane;
    }

    @AfterEach
    void stop() {
        front.stop(Duration.ofSeconds(5)).toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void the_first_certificate_is_issued_by_http_01() throws Exception {
        fixture.at(pebble.start(front.plainPort().orElseThrow(), 1));
        Renewals renewals = fixture.begin();

        Instant next = fixture.runAll(renewals, SHOP);

        CertificateChain pair = fixture.folder().pair(SHOP.get(0)).orElseThrow();
        assertThat(pair.certificates()).hasSizeGreaterThan(1);
        assertThat(pair.certificate().getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(next).isAfter(fixture.clock.instant());
        assertThat(fixture.issued).hasValue(1);
        assertThat(renewals.status()).singleElement().satisfies(status -> assertThat(status.state())
                .isEqualTo(AcmeStatus.State.ISSUED));
    }

    @Test
    @Guards("T1")
    void a_restart_does_not_order_a_certificate_with_time_left_again() throws Exception {
        fixture.at(pebble.start(front.plainPort().orElseThrow(), 1));
        fixture.runAll(fixture.begin(), SHOP);

        for (int restarts = 0; restarts < 5; restarts++) {
            fixture.runAll(fixture.begin(), SHOP);
        }

        assertThat(pebble.orders()).isOne();
        assertThat(fixture.issued).hasValue(1);
    }

    @Test
    @Guards("T4")
    void a_certificate_of_ten_minutes_is_renewed_after_two_thirds_of_them_with_a_new_key() throws Exception {
        fixture.at(
                pebble.validity(Duration.ofSeconds(600)).start(front.plainPort().orElseThrow(), 1));
        Instant next = fixture.runAll(fixture.begin(), SHOP);
        CertificateChain first = fixture.folder().pair(SHOP.get(0)).orElseThrow();

        Instant renewal =
                first.notBefore().plus(first.lifetime().multipliedBy(2).dividedBy(3));
        while (next.isBefore(renewal)) {
            fixture.clock.to(next);
            next = fixture.runAll(fixture.begin(), SHOP);
            assertThat(pebble.orders()).isOne();
        }
        fixture.clock.to(renewal);
        fixture.runAll(fixture.begin(), SHOP);

        CertificateChain second = fixture.folder().pair(SHOP.get(0)).orElseThrow();
        assertThat(first.lifetime()).isCloseTo(Duration.ofSeconds(600), Duration.ofSeconds(2));
        assertThat(pebble.orders()).isEqualTo(2);
        assertThat(second.certificate().getPublicKey())
                .isNotEqualTo(first.certificate().getPublicKey());
    }

    @Test
    void an_authority_that_refuses_most_nonces_still_issues() throws Exception {
        fixture.at(pebble.environment("PEBBLE_WFE_NONCEREJECT", "60")
                .start(front.plainPort().orElseThrow(), 1));
        Renewals renewals = fixture.begin();

        Instant next = fixture.runAll(renewals, SHOP);
        for (int tries = 0; fixture.issued.get() == 0 && tries < 5; tries++) {
            fixture.clock.to(next);
            next = fixture.runAll(renewals, SHOP);
        }

        assertThat(fixture.issued).hasValue(1);
        assertThat(pebble.orders()).isOne();
    }

    @Test
    void an_hour_without_the_authority_costs_few_tries_and_then_the_certificate_is_issued() throws Exception {
        fixture.at(pebble.start(front.plainPort().orElseThrow(), 1));
        pebble.die();
        Instant began = fixture.clock.instant();
        Renewals renewals = fixture.begin();
        int tries = 0;
        Instant next = renewals.run(SHOP);
        while (next.isBefore(began.plus(Duration.ofHours(1)))) {
            tries++;
            fixture.clock.to(next);
            next = renewals.run(SHOP);
        }
        AcmeStatus status = renewals.status().get(0);
        assertThat(tries).isBetween(4, 7);
        assertThat(status.state()).isEqualTo(AcmeStatus.State.FAILING);
        assertThat(status.failingSince()).contains(began);
        assertThat(status.lastError())
                .hasValueSatisfying(words -> assertThat(words.english()).contains("The authority does not answer"));

        pebble.comeBack();
        fixture.clock.to(next);
        fixture.runAll(renewals, SHOP);

        assertThat(fixture.issued).hasValue(1);
        assertThat(renewals.status().get(0).failures()).isZero();
    }

    @Test
    void a_proof_that_the_authority_cannot_see_fails_in_its_words_and_seldom() throws Exception {
        fixture.at(pebble.start(front.plainPort().orElseThrow(), 1));
        pebble.pointTo("shop.example.com", "127.0.0.2");
        Renewals renewals = fixture.begin();
        Instant began = fixture.clock.instant();

        Instant next = renewals.run(SHOP);
        while (next.isBefore(began.plus(Duration.ofHours(1)))) {
            fixture.clock.to(next);
            next = renewals.run(SHOP);
        }

        assertThat(pebble.orders()).isLessThanOrEqualTo(4);
        assertThat(renewals.status().get(0).lastError())
                .hasValueSatisfying(words -> assertThat(words.english()).contains("shop.example.com", "127.0.0.2"));

        pebble.pointTo("shop.example.com", "127.0.0.1");
        fixture.clock.to(next);
        fixture.runAll(renewals, SHOP);
        assertThat(fixture.issued).hasValue(1);
    }

    @Test
    void a_bundle_has_all_its_names_and_is_ordered_again_only_for_a_new_name() throws Exception {
        fixture.at(pebble.start(front.plainPort().orElseThrow(), 1));
        List<CertificatePlan> two = CertificatePlan.of(List.of("a.example.com", "b.example.com"), true);
        fixture.runAll(fixture.begin(), two);
        fixture.runAll(fixture.begin(), CertificatePlan.of(List.of("b.example.com"), true));
        assertThat(pebble.orders()).isOne();

        List<CertificatePlan> three =
                CertificatePlan.of(List.of("a.example.com", "b.example.com", "c.example.com"), true);
        fixture.runAll(fixture.begin(), three);

        assertThat(pebble.orders()).isEqualTo(2);
        assertThat(fixture.folder().pair(three.get(0))).isPresent();
    }

    @Test
    void an_account_of_a_customer_is_bound_by_its_key() throws Exception {
        String key = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
        fixture.at(pebble.setting("externalAccountBindingRequired", true)
                .setting("externalAccountMACKeys", Map.of("kid-1", key))
                .start(front.plainPort().orElseThrow(), 1));
        Renewals without = fixture.begin();
        without.run(SHOP);
        assertThat(without.status().get(0).lastError())
                .hasValueSatisfying(words -> assertThat(words.english()).contains("externalAccountBinding"));

        Path file = Files.writeString(folder.resolve("eab"), key + "\n");
        fixture.account(new CaSettings(
                Optional.empty(),
                Optional.empty(),
                Optional.of(new CaSettings.ExternalAccount("kid-1", file)),
                Optional.of(pebble.caFile())));
        fixture.clock.pass(Duration.ofHours(1));
        fixture.runAll(fixture.begin(), SHOP);

        assertThat(fixture.issued).hasValue(1);
    }

    @Test
    void a_self_check_that_fails_costs_no_order() throws Exception {
        fixture.at(pebble.start(front.plainPort().orElseThrow(), 1)).checksItself();
        Renewals renewals = fixture.begin();

        renewals.run(SHOP);

        assertThat(pebble.orders()).isZero();
        assertThat(renewals.status().get(0).lastError()).hasValueSatisfying(words -> assertThat(words.english())
                .contains("could not see its own answer", "turnout.acme.self-check=false"));
    }

    @Test
    void a_self_check_sees_its_own_answer_only() throws Exception {
        HttpProofs proofs =
                new HttpProofs(front.httpChallenges(), front.plainPort().orElseThrow());
        Proof proof = Proof.trial("localhost");
        assertThatThrownBy(() -> proofs.check(proof))
                .isInstanceOf(AuthorityFailed.class)
                .hasMessageContaining("another server answers, with status 5");

        proofs.offer(proof);

        assertThatCode(() -> proofs.check(proof)).doesNotThrowAnyException();
    }

    @Test
    @Guards("T6")
    void two_that_share_a_folder_order_once_and_answer_for_each_other() throws Exception {
        DataPlane other = front();
        Path shared = folder.resolve("shared");
        // The authority asks the one that does not order.
        pebble.start(other.plainPort().orElseThrow(), 1);
        FolderProofs ofFirst = proofs(shared, front);
        FolderProofs ofSecond = proofs(shared, other);
        RenewalsFixture first = new RenewalsFixture(shared, ofFirst)
                .at(pebble)
                .right(new LeaseRight(shared, "first", Clock.systemUTC()));
        RenewalsFixture second = new RenewalsFixture(shared, ofSecond)
                .at(pebble)
                .right(new LeaseRight(shared, "second", Clock.systemUTC()));
        CompletableFuture<Void> ordering = CompletableFuture.runAsync(() -> runAll(first));

        Renewals waiting = second.begin();
        Await.until("the certificate is issued", () -> {
            runOnce(waiting, ofSecond);
            return ordering.isDone();
        });
        ordering.join();
        waiting.run(SHOP);

        assertThat(pebble.orders()).isOne();
        assertThat(first.issued.get() + second.issued.get()).isOne();
        assertThat(second.folder().pair(SHOP.get(0))).isPresent();
        other.stop(Duration.ofSeconds(5)).toCompletableFuture().join();
    }

    private FolderProofs proofs(Path shared, DataPlane plane) {
        return new FolderProofs(
                shared.resolve("challenges"),
                new HttpProofs(plane.httpChallenges(), plane.plainPort().orElseThrow()),
                () -> true,
                FolderChanges.NONE,
                Clock.systemUTC());
    }

    private static void runAll(RenewalsFixture fixture) {
        try {
            fixture.runAll(fixture.begin(), SHOP);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void runOnce(Renewals renewals, FolderProofs proofs) {
        try {
            proofs.followOthers();
            renewals.run(SHOP);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void an_order_that_a_process_has_left_in_the_middle_is_gone_on_with() throws Exception {
        int port = front.plainPort().orElseThrow();
        pebble.start(port, 1);
        HttpProofs working = new HttpProofs(front.httpChallenges(), port);
        RenewalsFixture dying = new RenewalsFixture(folder, new DyingProofs(working)).at(pebble);
        assertThatThrownBy(() -> dying.begin().run(SHOP)).isInstanceOf(InterruptedException.class);
        assertThat(pebble.orders()).isOne();

        fixture.at(pebble);
        fixture.runAll(fixture.begin(), SHOP);

        assertThat(fixture.issued).hasValue(1);
        assertThat(pebble.orders()).isOne();
    }

    /** Answers, and ends its process before the authority is told so. */
    private record DyingProofs(Proofs working) implements Proofs {

        @Override
        public void offer(Proof proof) throws AuthorityFailed, InterruptedException {
            working.offer(proof);
        }

        @Override
        public void settle() throws InterruptedException {
            throw new InterruptedException("the end of the process");
        }

        @Override
        public void check(Proof proof) {}

        @Override
        public void withdraw(Proof proof) {}
    }
}
