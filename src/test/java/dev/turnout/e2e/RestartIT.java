package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.Load;
import dev.turnout.support.RawClient;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Guards("F14")
@DisplayName("Turnout itself is replaced, and nobody notices")
@Tag("jars")
final class RestartIT {

    private static final Path MIGRATION = Path.of("/proc/sys/net/ipv4/tcp_migrate_req");

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    private TurnoutProcess.Settings settings() {
        return TurnoutProcess.with().blue(blue).green(green);
    }

    private TurnoutProcess.Settings secureSettings() {
        return settings().tls(TestAuthority.root("test"), "app.example");
    }

    /** Clients of both ports. */
    private static final class BothPorts implements AutoCloseable {

        private final Load plain;
        private final Load secure;

        /** Starts 32 plain and 8 TLS connections that are kept, and about 200 and 80 new ones a second. */
        BothPorts(URI front, URI secureFront) {
            plain = Load.on(front)
                    .keepAlive(32, Duration.ofMillis(20))
                    .fresh(4, Duration.ofMillis(18))
                    .start();
            secure = Load.on(secureFront)
                    .keepAlive(8, Duration.ofMillis(20))
                    .fresh(2, Duration.ofMillis(20))
                    .start();
        }

        /** Waits until each port has answered more requests. */
        void awaitMore() {
            long plainBefore = plain.requests();
            long secureBefore = secure.requests();
            Await.until(
                    "load of both ports",
                    () -> plain.requests() > plainBefore + 100 && secure.requests() > secureBefore + 50);
        }

        void requireNoFailure(String what) {
            Load.Report ofPlain = plain.stop();
            Load.Report ofSecure = secure.stop();
            System.out.println(what + ": plain " + ofPlain + ", TLS " + ofSecure);
            assertThat(ofPlain.failures()).isEmpty();
            assertThat(ofSecure.failures()).isEmpty();
        }

        @Override
        public void close() {
            plain.close();
            secure.close();
        }
    }

    @Test
    void the_sockets_of_the_service_manager_are_told_apart_by_name_and_outlive_each_process() {
        restartTheUnit(2);
    }

    @Test
    @Tag("timing")
    void a_hundred_processes_one_after_another_on_the_same_sockets() {
        restartTheUnit(100);
    }

    private void restartTheUnit(int times) {
        try (ServiceUnit unit = ServiceUnit.startWithTls(secureSettings())) {
            unit.awaitReady(1);
            try (BothPorts load = new BothPorts(unit.front(), unit.secureFront())) {
                for (int i = 2; i <= times + 1; i++) {
                    load.awaitMore();
                    unit.restart();
                    unit.awaitReady(i);
                }
                load.awaitMore();
                assertThat(unit.count("ended 0")).isEqualTo(times);
                load.requireNoFailure(times + " restarts by socket activation");
            }
        }
    }

    @Test
    void a_socket_for_https_without_a_certificate_refuses_the_start() {
        try (ServiceUnit unit = ServiceUnit.startWithTls(settings())) {
            Await.until("the end", () -> unit.count("ended 1") == 1);
            assertThat(unit.log()).contains("turnout.tls.certificates").doesNotContain("\tat ");
        }
    }

    @Test
    void a_successor_takes_over_both_ports_while_its_predecessor_still_serves() throws IOException {
        handOver(2);
    }

    @Test
    @Tag("timing")
    void a_hundred_successors() throws IOException {
        handOver(100);
    }

    private void handOver(int times) throws IOException {
        TurnoutProcess serving = arena.start(secureSettings().set("turnout.listen.reuse-port", "true"));
        try (BothPorts load = new BothPorts(serving.front(), serving.secureFront())) {
            for (int i = 0; i < times; i++) {
                load.awaitMore();
                TurnoutProcess successor = arena.keep(serving.restart());
                assertThat(serving.awaitExit()).isZero();
                serving = successor;
            }
            load.awaitMore();
            load.requireNoFailure(times + " hand-overs, tcp_migrate_req="
                    + Files.readString(MIGRATION).strip());
        }
    }

    @Test
    void a_successor_goes_on_from_the_predecessors_last_switch() {
        TurnoutProcess first = arena.start(settings().set("turnout.listen.reuse-port", "true"));
        first.admin().switchTo("green");

        TurnoutProcess second = arena.keep(first.restart());
        assertThat(first.awaitExit()).isZero();

        assertThat(second.awaitReady().active()).isEqualTo("green");
        assertThat(second.awaitReady().revision()).isEqualTo(2);
        second.admin().switchTo("blue");
        assertThat(second.admin().revision()).isEqualTo(3);
    }

    @Test
    void a_predecessor_finishes_what_has_begun() throws IOException {
        TurnoutProcess first = arena.start(settings().set("turnout.listen.reuse-port", "true"));
        CountDownLatch word = new CountDownLatch(1);
        blue.next(Effect.heldUntil(word, Effect.ok("finished")));
        try (RawClient client = first.connect()) {
            client.get("/long");
            Await.until("the request at blue", () -> blue.requests() == 1);

            TurnoutProcess second = arena.keep(first.restart());

            try (RawClient next = second.connect()) {
                assertThat(next.get("/").read().text()).isEqualTo("blue");
            }
            assertThat(first.isAlive()).isTrue();
            word.countDown();
            assertThat(client.read().text()).isEqualTo("finished");
            assertThat(first.awaitExit()).isZero();
        }
    }

    @Test
    void a_change_under_way_is_not_handed_over() {
        TurnoutProcess first = arena.start(settings()
                .set("turnout.listen.reuse-port", "true")
                .set("turnout.drain.timeout", "500ms")
                .set("turnout.health.deadline", "60s"));
        green.close();
        CompletableFuture<Admin.Answer> change = first.admin().postAsync("/admin/switch?to=green");
        Await.until("the gate", () -> first.admin().get("/admin/status").text().contains("\"gate\""));

        TurnoutProcess second = arena.keep(first.launchSuccessor());

        assertThat(second.awaitExit()).isNotZero();
        assertThat(second.log()).contains("in the middle of a change").doesNotContain("\tat ");
        assertThat(change).isNotDone();
        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void a_predecessor_goes_on_if_its_successor_cannot_serve() {
        TurnoutProcess.Settings settings = settings().set("turnout.listen.reuse-port", "true");
        TurnoutProcess first = arena.start(settings);
        settings.set("turnout.listen.host", "192.0.2.1");

        TurnoutProcess second = arena.keep(settings.launch());

        assertThat(second.awaitExit()).isNotZero();
        assertThat(second.log()).contains("192.0.2.1").doesNotContain("\tat ");
        Await.until("the predecessor to go on", () -> first.log().contains("this process goes on"));
        first.admin().switchTo("green");
    }

    @Test
    void clients_of_a_predecessor_notice_no_successor_whose_admin_port_is_taken() throws IOException {
        TurnoutProcess.Settings settings = secureSettings().set("turnout.listen.reuse-port", "true");
        TurnoutProcess first = arena.start(settings);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                BothPorts load = new BothPorts(first.front(), first.secureFront())) {
            settings.set("turnout.admin.port", String.valueOf(taken.getLocalPort()));
            for (int i = 0; i < 3; i++) {
                load.awaitMore();
                TurnoutProcess second = arena.keep(settings.launch());
                assertThat(second.awaitExit()).isNotZero();
                assertThat(second.log())
                        .contains("the admin server can't listen")
                        .doesNotContain("\tat ");
            }
            load.awaitMore();
            load.requireNoFailure("3 successors whose admin port is taken");
        }
        Await.until("the predecessor to go on", () -> first.log().contains("this process goes on"));
        first.admin().switchTo("green");
    }

    /** Its configuration makes a new revision, which is not given to two states. */
    @Test
    void a_successor_that_fails_leaves_no_state_and_gives_no_revision_away() throws IOException {
        TurnoutProcess.Settings settings = settings().set("turnout.listen.reuse-port", "true");
        TurnoutProcess first = arena.start(settings);
        Path recorded = settings.stateDirectory().resolve("state.json");
        byte[] before = Files.readAllBytes(recorded);
        settings.set("turnout.blue", "127.0.0.1:1," + blue.address()).set("turnout.listen.host", "192.0.2.1");

        TurnoutProcess second = arena.keep(settings.launch());

        assertThat(second.awaitExit()).isNotZero();
        Await.until("the predecessor to go on", () -> first.log().contains("this process goes on"));
        assertThat(recorded).hasBinaryContent(before);
        first.admin().switchTo("green");
        assertThat(first.admin().revision()).isEqualTo(2);
    }

    @Test
    void what_a_process_writes_is_for_its_user_only() throws IOException {
        TurnoutProcess.Settings settings = settings().set("turnout.listen.reuse-port", "true");
        TurnoutProcess turnout = arena.start(settings);
        turnout.admin().switchTo("green");
        Await.until("the socket", () -> Files.exists(settings.stateDirectory().resolve("hand-over.sock")));

        try (var files = Files.walk(settings.stateDirectory())) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void the_service_manager_is_told_of_start_and_stop_and_gets_signs_of_life() {
        try (ServiceUnit unit = ServiceUnit.start(settings())) {
            unit.awaitReady(1);
            Await.until("signs of life", () -> unit.count("notified WATCHDOG=1") > 5);
            unit.stop();
            Await.until("the end", () -> unit.count("ended 0") == 1);
            assertThat(unit.count("notified STOPPING=1")).isEqualTo(1);
            assertThat(unit.count("notified READY=1")).isEqualTo(1);
        }
    }

    @Test
    void a_socket_that_would_block_an_event_loop_refuses_the_start() {
        try (ServiceUnit unit = ServiceUnit.startBlocking(settings())) {
            Await.until("the end", () -> unit.count("ended 1") == 1);
            assertThat(unit.log()).contains("NonBlocking=yes").doesNotContain("\tat ");
        }
    }

    @Test
    void an_accepted_socket_needs_the_native_transport() {
        TurnoutProcess.Settings settings = settings().set("quarkus.vertx.prefer-native-transport", "false");
        try (ServiceUnit unit = ServiceUnit.start(settings)) {
            Await.until("the end", () -> unit.count("ended 1") == 1);
            assertThat(unit.log()).contains("native epoll transport").doesNotContain("\tat ");
        }
    }
}
