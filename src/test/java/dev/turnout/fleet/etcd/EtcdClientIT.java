package dev.turnout.fleet.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.turnout.fleet.etcd.EtcdFailed.Kind;
import dev.turnout.fleet.etcd.EtcdSettings.Login;
import dev.turnout.support.Await;
import dev.turnout.support.Etcd;
import dev.turnout.support.EtcdExtension;
import dev.turnout.support.Ports;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TestAuthority;
import dev.turnout.tls.CallerTls;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@RequiresProgram(value = "etcd", debianPackage = "etcd-server")
@RequiresProgram(value = "etcdctl", debianPackage = "etcd-client")
@DisplayName("The client of etcd knows the habits of etcd's gateway")
final class EtcdClientIT {

    @RegisterExtension
    static final EtcdExtension store = new EtcdExtension();

    private final Etcd etcd = store.etcd();
    private final List<Etcd> others = new ArrayList<>();
    private final EtcdClient client = store.client(EtcdSettings.ANSWER);
    private String prefix = "";

    @BeforeEach
    void ownPrefix() {
        prefix = store.prefix();
    }

    @AfterEach
    void stopOthers() {
        others.forEach(Etcd::close);
    }

    private static EtcdSettings settings(List<URI> endpoints) {
        return settings(endpoints, EtcdSettings.ANSWER);
    }

    private static EtcdSettings settings(List<URI> endpoints, Duration answer) {
        return new EtcdSettings(endpoints, Optional.empty(), Optional.empty(), answer);
    }

    private Etcd other(Etcd started) {
        others.add(started);
        return started;
    }

    private static Transaction put(String key, String value) {
        return new Transaction(List.of(), List.of(Write.put(key, value)));
    }

    @Test
    @DisplayName("A value of any characters comes back as it went, with its revisions")
    void values_come_back() throws EtcdFailed {
        String value = "{\"a\": \"한글, \\u0000 and / + =\"}";

        Transaction.Outcome written = client.commit(put(prefix + "k", value));
        KeyValue read = client.get(prefix + "k").orElseThrow();

        assertThat(written.succeeded()).isTrue();
        assertThat(read.value()).isEqualTo(value);
        assertThat(read.modRevision()).isEqualTo(written.header().revision());
        assertThat(read.createRevision()).isEqualTo(written.header().revision());
        assertThat(read.lease()).isZero();
    }

    @Test
    @DisplayName("An empty range has no member for keys: there are none")
    void nothing_is_there() throws EtcdFailed {
        KeyRange read = client.all(prefix);

        assertThat(read.keys()).isEmpty();
        assertThat(read.header().revision()).isPositive();
        assertThat(read.header().cluster()).isNotEmpty();
        assertThat(client.get(prefix + "k")).isEmpty();
    }

    @Test
    @DisplayName("A range has its prefix and nothing beside it")
    void a_prefix_ends() throws EtcdFailed {
        client.commit(new Transaction(
                List.of(),
                List.of(
                        Write.put(prefix + "a/1", "in"),
                        Write.put(prefix + "a/2", "in"),
                        Write.put(prefix + "a0", "beside"),
                        Write.put(prefix + "a.", "beside"))));

        assertThat(client.all(prefix + "a/").keys()).extracting(KeyValue::value).containsExactly("in", "in");
    }

    @Test
    @DisplayName("A failed transaction has no member that says so, and wrote nothing")
    void a_condition_fails() throws EtcdFailed {
        long first = client.commit(put(prefix + "k", "1")).header().revision();
        client.commit(put(prefix + "k", "2"));

        Transaction.Outcome late = client.commit(new Transaction(
                List.of(new Compare.Written(prefix + "k", first)),
                List.of(Write.put(prefix + "k", "3"), Write.put(prefix + "l", "3"))));

        assertThat(late.succeeded()).isFalse();
        assertThat(client.all(prefix).keys()).extracting(KeyValue::value).containsExactly("2");
    }

    @Test
    @DisplayName("Conditions tell a key that is there from one that is not, and one life of it from the next")
    void conditions_of_presence() throws EtcdFailed {
        long begun = client.commit(put(prefix + "k", "1")).header().revision();

        assertThat(holds(new Compare.Exists(prefix + "k"))).isTrue();
        assertThat(holds(new Compare.Exists(prefix + "l"))).isFalse();
        assertThat(holds(Compare.absent(prefix + "l"))).isTrue();
        assertThat(holds(Compare.absent(prefix + "k"))).isFalse();
        assertThat(holds(new Compare.Created(prefix + "k", begun))).isTrue();
        client.commit(new Transaction(List.of(), List.of(new Write.Delete(prefix + "k"))));
        client.commit(put(prefix + "k", "1"));
        assertThat(holds(new Compare.Created(prefix + "k", begun))).isFalse();
    }

    private boolean holds(Compare condition) throws EtcdFailed {
        return client.commit(new Transaction(List.of(condition), List.of())).succeeded();
    }

    @Test
    @DisplayName("A deletion of a prefix leaves its neighbours")
    void a_prefix_is_deleted() throws EtcdFailed {
        client.commit(
                new Transaction(List.of(), List.of(Write.put(prefix + "a/1", "x"), Write.put(prefix + "b", "stays"))));

        client.commit(new Transaction(List.of(), List.of(new Write.DeleteAll(prefix + "a/"))));

        assertThat(client.all(prefix).keys()).extracting(KeyValue::value).containsExactly("stays");
    }

    @Test
    @DisplayName("A lease that has ended is answered 200 without its time: the keep-alive says that it is gone")
    void a_lease_ends() throws EtcdFailed {
        long lease = client.grant(Duration.ofSeconds(2));
        client.commit(new Transaction(List.of(), List.of(new Write.Put(prefix + "k", "here", lease))));

        assertThat(client.keepAlive(lease)).isTrue();
        assertThat(client.get(prefix + "k").orElseThrow().lease()).isEqualTo(lease);
        Await.until("the key ends with its lease", () -> isGone(prefix + "k"));
        assertThat(client.keepAlive(lease)).isFalse();
        client.revoke(lease);
    }

    private boolean isGone(String key) {
        try {
            return client.get(key).isEmpty();
        } catch (EtcdFailed failed) {
            return false;
        }
    }

    @Test
    @DisplayName("A revoked lease takes its keys along")
    void a_lease_is_revoked() throws EtcdFailed {
        long lease = client.grant(Duration.ofSeconds(60));
        client.commit(new Transaction(List.of(), List.of(new Write.Put(prefix + "k", "here", lease))));

        client.revoke(lease);

        assertThat(client.get(prefix + "k")).isEmpty();
        assertThat(client.keepAlive(lease)).isFalse();
    }

    @Test
    @DisplayName("A watch tells the history since its revision first, and a transaction's events together")
    void a_watch_begins_in_the_past() throws Exception {
        long before = client.all(prefix).header().revision();
        client.commit(new Transaction(List.of(), List.of(Write.put(prefix + "a", "1"), Write.put(prefix + "b", "1"))));

        try (Watch watch = client.watch(prefix, before + 1)) {
            assertThat(firstEvents(watch))
                    .extracting(event -> event.key().key())
                    .containsExactly(prefix + "a", prefix + "b");
            client.commit(new Transaction(List.of(), List.of(new Write.Delete(prefix + "a"))));
            assertThat(firstEvents(watch)).singleElement().satisfies(event -> {
                assertThat(event.isDeleted()).isTrue();
                assertThat(event.key().key()).isEqualTo(prefix + "a");
                assertThat(event.key().modRevision()).isGreaterThan(before);
            });
        }
    }

    private static List<WatchBatch.Event> firstEvents(Watch watch) throws WatchEnded {
        List<WatchBatch.Event> events = watch.next().events();
        return events.isEmpty() ? firstEvents(watch) : events;
    }

    @Test
    @DisplayName("A watch from behind the compaction says where the history begins")
    void the_history_is_gone() throws Exception {
        client.commit(put(prefix + "k", "1"));
        long now = client.commit(put(prefix + "k", "2")).header().revision();
        etcd.control("compact", String.valueOf(now));

        try (Watch watch = client.watch(prefix, 1)) {
            WatchEnded ended = catchThrowableOfType(WatchEnded.class, () -> firstEvents(watch));
            assertThat(ended.compactRevision()).isEqualTo(now);
        }
    }

    @Test
    @DisplayName("Closing a watch ends the read that waits for it")
    void a_watch_is_closed() throws Exception {
        Watch watch = client.watch(prefix, 0);
        CompletableFuture<Throwable> end =
                CompletableFuture.supplyAsync(() -> catchThrowableOfType(WatchEnded.class, () -> firstEvents(watch)));

        watch.close();

        assertThat(end.get(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    @DisplayName("An endpoint that nobody listens at costs no answer, not even that of a transaction")
    void the_next_endpoint_is_asked() throws EtcdFailed {
        EtcdClient two = new EtcdClient(settings(List.of(
                URI.create("http://127.0.0.1:" + Ports.next()), etcd.endpoints().get(0))));

        assertThat(two.commit(put(prefix + "k", "1")).succeeded()).isTrue();
        assertThat(two.version()).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
    }

    @Test
    @DisplayName("Without any endpoint that listens, nothing has happened")
    void nobody_listens() {
        EtcdClient nobody = new EtcdClient(settings(List.of(URI.create("http://127.0.0.1:" + Ports.next()))));

        assertThatThrownBy(() -> nobody.commit(put(prefix + "k", "1")))
                .isInstanceOfSatisfying(EtcdFailed.class, failed -> {
                    assertThat(failed.kind()).isEqualTo(Kind.UNREACHABLE);
                    assertThat(failed.isUncertain()).isFalse();
                });
    }

    @Test
    @DisplayName(
            "A node that answers nothing has its time; a read goes to the next, and a transaction is not sent twice")
    void a_node_stands_still() throws EtcdFailed {
        Etcd frozen = other(Etcd.start());
        frozen.node(0).freeze();
        EtcdSettings settings =
                settings(List.of(frozen.node(0).endpoint(), etcd.endpoints().get(0)), Duration.ofMillis(400));
        EtcdClient two = new EtcdClient(settings);

        assertThat(two.all(prefix).keys()).isEmpty();

        EtcdClient again = new EtcdClient(settings);
        assertThatThrownBy(() -> again.commit(put(prefix + "k", "1")))
                .isInstanceOfSatisfying(EtcdFailed.class, failed -> assertThat(failed.isUncertain())
                        .isTrue());
        assertThat(again.get(prefix + "k")).isEmpty();
    }

    @Test
    @DisplayName("A node without its peers says so to a watch, and a read there is no old answer")
    void a_minority_is_told() throws Exception {
        Etcd three = other(Etcd.start(3));
        EtcdClient lonely = new EtcdClient(settings(List.of(three.node(0).endpoint())));
        lonely.commit(put(prefix + "k", "1"));

        try (Watch watch = lonely.watch(prefix, 0)) {
            watch.next();
            three.node(1).die();
            three.node(2).die();

            assertThatThrownBy(() -> firstEvents(watch))
                    .isInstanceOf(WatchEnded.class)
                    .hasMessageContaining("no leader");
        }
        assertThatThrownBy(() -> lonely.get(prefix + "k")).isInstanceOf(EtcdFailed.class);
    }

    @Test
    @DisplayName("A token that ended with its node is replaced once, and the call is repeated")
    void a_token_that_ended_is_renewed_once() throws EtcdFailed {
        Etcd guarded = other(Etcd.start());
        guard(guarded);
        EtcdClient user = new EtcdClient(withLogin(guarded, "secret"));

        assertThat(user.commit(put("/turnout/main/k", "1")).succeeded()).isTrue();
        guarded.node(0).die();
        guarded.node(0).start();
        Await.until("etcd is back", () -> isAnswering(user));

        assertThat(user.commit(put("/turnout/main/k", "2")).succeeded()).isTrue();
    }

    private static boolean isAnswering(EtcdClient client) {
        try {
            return client.get("/turnout/main/k").isPresent();
        } catch (EtcdFailed failed) {
            return false;
        }
    }

    @Test
    @DisplayName("What the user may not do, and a user that etcd does not know, is said as such")
    void rights_are_refused() throws Exception {
        Etcd guarded = other(Etcd.start());
        guard(guarded);
        EtcdClient user = new EtcdClient(withLogin(guarded, "secret"));

        assertThat(kindOf(user, "/other/k")).isEqualTo(Kind.NOT_ALLOWED);
        assertThat(kindOf(new EtcdClient(withLogin(guarded, "wrong")), "/turnout/main/k"))
                .isEqualTo(Kind.NOT_ALLOWED);
        assertThat(kindOf(new EtcdClient(settings(guarded.endpoints())), "/turnout/main/k"))
                .isEqualTo(Kind.NOT_ALLOWED);
        try (Watch watch = user.watch("/other/", 0)) {
            assertThatThrownBy(() -> firstEvents(watch))
                    .isInstanceOf(WatchEnded.class)
                    .hasMessageContaining("permission denied");
        }
    }

    private static Kind kindOf(EtcdClient client, String key) {
        return catchThrowableOfType(EtcdFailed.class, () -> client.get(key)).kind();
    }

    private static void guard(Etcd etcd) {
        etcd.control("user", "add", "root:root");
        etcd.control("user", "grant-role", "root", "root");
        etcd.control("user", "add", "turnout:secret");
        etcd.control("role", "add", "turnout");
        etcd.control("role", "grant-permission", "turnout", "readwrite", "/turnout/", "--prefix=true");
        etcd.control("user", "grant-role", "turnout", "turnout");
        etcd.control("auth", "enable");
    }

    private static EtcdSettings withLogin(Etcd etcd, String password) {
        return new EtcdSettings(
                etcd.endpoints(),
                Optional.empty(),
                Optional.of(new Login("turnout", () -> password)),
                EtcdSettings.ANSWER);
    }

    @Test
    @DisplayName("TLS with a certificate on both sides: a store of another authority is not believed")
    void tls_on_both_sides(@TempDir Path folder) throws Exception {
        TestAuthority authority = TestAuthority.root("etcd's");
        Etcd secured = other(Etcd.secured(authority));
        TestAuthority.Issued own = authority.issue("member");
        Path ca = Files.writeString(folder.resolve("ca.pem"), authority.pem());
        Path otherCa = Files.writeString(
                folder.resolve("other.pem"), TestAuthority.root("another's").pem());
        Path pair = Files.writeString(folder.resolve("own.pem"), own.chainPem() + own.keyPem());

        EtcdClient believing = new EtcdClient(secured(secured, ca, Optional.of(pair)));
        Await.until("etcd serves", () -> isAnsweringAtAll(believing));
        assertThat(believing.commit(put(prefix + "k", "1")).succeeded()).isTrue();
        assertThatThrownBy(() -> new EtcdClient(secured(secured, otherCa, Optional.of(pair))).get(prefix + "k"))
                .isInstanceOfSatisfying(
                        EtcdFailed.class, failed -> assertThat(failed.kind()).isEqualTo(Kind.UNREACHABLE));
        assertThatThrownBy(() -> new EtcdClient(secured(secured, ca, Optional.empty())).get(prefix + "k"))
                .isInstanceOf(EtcdFailed.class);
    }

    private static boolean isAnsweringAtAll(EtcdClient client) {
        try {
            client.get("/k");
            return true;
        } catch (EtcdFailed failed) {
            return false;
        }
    }

    private static EtcdSettings secured(Etcd etcd, Path ca, Optional<Path> pair) {
        return new EtcdSettings(
                etcd.endpoints(),
                Optional.of(
                        CallerTls.of(Optional.of(ca), pair, Optional.empty()).context()),
                Optional.empty(),
                Duration.ofSeconds(3));
    }
}
