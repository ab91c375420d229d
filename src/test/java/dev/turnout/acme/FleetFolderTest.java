package dev.turnout.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.turnout.config.AcmeDirectory;
import dev.turnout.fleet.FleetFiles;
import dev.turnout.fleet.StoreKnown;
import dev.turnout.fleet.etcd.EtcdClient;
import dev.turnout.fleet.etcd.EtcdFailed;
import dev.turnout.fleet.etcd.Header;
import dev.turnout.fleet.etcd.Transaction;
import dev.turnout.fleet.etcd.Write;
import dev.turnout.support.EtcdExtension;
import dev.turnout.support.Pebble;
import dev.turnout.support.RequiresProgram;
import dev.turnout.tls.HttpChallenges;
import dev.turnout.tls.KeyPairs;
import dev.turnout.tls.PemBlock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Members of a fleet that have their certificates in common, by a real etcd and a real authority. */
@RequiresProgram(value = "etcd", debianPackage = "etcd-server")
@RequiresProgram(value = "pebble", debianPackage = "pebble")
@DisplayName("The members of a fleet")
final class FleetFolderTest {

    private static final List<CertificatePlan> SHOP = RenewalsFixture.plans("shop.example.com");
    private static final Duration ANSWER = Duration.ofSeconds(5);

    @RegisterExtension
    static final EtcdExtension store = new EtcdExtension();

    @RegisterExtension
    final Pebble pebble = new Pebble();

    @TempDir
    private Path folder;

    private final List<Member> members = new ArrayList<>();
    private Optional<String> trouble = Optional.empty();
    private Header last = new Header("", 0);

    @BeforeEach
    void believe() throws EtcdFailed {
        last = store.client(ANSWER).all(store.prefix()).header();
    }

    @AfterEach
    void stopFronts() {
        members.forEach(member -> member.front.stop(0));
    }

    private FleetFiles files(String owner) {
        return new FleetFiles(store.client(ANSWER), store.prefix(), owner, () -> new StoreKnown(trouble, last));
    }

    private Member member(String name) throws IOException {
        Member member = new Member(name);
        members.add(member);
        return member;
    }

    /** One Turnout: its folder, its front and its orders. */
    private final class Member {

        private final Path root;
        private final FleetFiles files;
        private final AtomicInteger copied = new AtomicInteger();
        private final FleetFolder copy;
        private final Map<String, String> answers = new ConcurrentHashMap<>();
        private final HttpServer front;
        private final FolderProofs proofs;
        private final RenewalsFixture fixture;

        Member(String name) throws IOException {
            front = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            root = folder.resolve(name);
            files = files(name);
            copy = new FleetFolder(root, () -> Optional.of(files), copied::incrementAndGet);
            front.createContext(HttpChallenges.PATH, call -> {
                String path = call.getRequestURI().getPath();
                String answer = answers.getOrDefault(path.substring(path.lastIndexOf('/') + 1), "");
                call.sendResponseHeaders(answer.isEmpty() ? 404 : 200, 0);
                call.getResponseBody().write(answer.getBytes(StandardCharsets.UTF_8));
                call.close();
            });
            front.start();
            proofs = new FolderProofs(root.resolve("challenges"), own(), () -> true, copy, Clock.systemUTC());
            fixture = new RenewalsFixture(root, proofs)
                    .right(new FleetRight(() -> Optional.of(files), copy, new HostRight(root)))
                    .changes(copy);
        }

        private Proofs own() {
            return new Proofs() {
                @Override
                public void offer(Proof proof) {
                    answers.put(proof.token(), proof.keyAuthorization());
                }

                @Override
                public void check(Proof proof) {}

                @Override
                public void withdraw(Proof proof) {
                    answers.remove(proof.token());
                }
            };
        }

        int port() {
            return front.getAddress().getPort();
        }

        void order() {
            try {
                fixture.runAll(fixture.begin(), SHOP);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** What the thread of its orders does while it rests. */
        void follow() throws InterruptedException {
            copy.follow();
            proofs.followOthers();
        }

        private Path authority() {
            return root.resolve(
                    AcmeDirectory.parse(pebble.directory().toString()).name());
        }

        String text(String name) throws IOException {
            return Files.readString(authority().resolve(SHOP.get(0).folder()).resolve(name));
        }
    }

    @Test
    @DisplayName("order a certificate once, answer the challenge of another, and serve the same")
    void one_order() throws Exception {
        Member first = member("first");
        Member second = member("second");
        // The authority asks the member that does not order.
        pebble.start(second.port(), 1);
        first.fixture.at(pebble);
        second.fixture.at(pebble);

        CompletableFuture<Void> ordering = CompletableFuture.runAsync(first::order);
        while (!ordering.isDone()) {
            second.follow();
            Thread.sleep(100);
        }
        ordering.join();
        second.follow();
        second.order();

        assertThat(pebble.orders()).isOne();
        assertThat(second.copied).hasValue(1);
        assertThat(second.text("cert.pem")).isEqualTo(first.text("cert.pem"));
        assertThat(second.text("key.pem")).isEqualTo(first.text("key.pem"));
        assertThat(second.answers).isEmpty();
        assertThat(second.fixture.folder().accountKey().getPrivate())
                .isEqualTo(first.fixture.folder().accountKey().getPrivate());
    }

    @Test
    @DisplayName("begin no order while etcd can't be used")
    void no_etcd() throws Exception {
        pebble.start(1, 1);
        Member member = member("first");
        member.fixture.at(pebble);
        trouble = Optional.of("it went back");

        member.order();

        assertThat(pebble.orders()).isZero();
    }

    @Test
    @DisplayName("write one at a time")
    void one_writer() throws Exception {
        FleetFiles.Right first = files("first").take().orElseThrow();
        assertThat(files("second").take()).isEmpty();
        first.close();

        try (FleetFiles.Right second = files("second").take().orElseThrow()) {
            assertThat(second.number()).isGreaterThan(first.number());
            assertThat(second.isHeld()).isTrue();
            assertThat(first.isHeld()).isFalse();
            assertThatThrownBy(() -> first.write(Map.of("ca/account.pem", "x"), Set.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another member");
            second.write(Map.of("ca/account.pem", "y"), Set.of());
        }
        assertThat(files("third").read()).isEqualTo(Map.of("ca/account.pem", "y"));
    }

    @Test
    @DisplayName("keep a certificate that is valid for longer, and take none but files of orders")
    void what_is_taken() throws Exception {
        Map<String, String> shortLived = pair(Duration.ofDays(1));
        Map<String, String> longLived = pair(Duration.ofDays(2));
        Member member = member("first");
        put("../outside/cert.pem", shortLived.get("ca/shop/cert.pem"));
        put("../outside/key.pem", shortLived.get("ca/shop/key.pem"));
        put("ca/shop/other.pem", "x");
        shortLived.forEach(this::put);

        assertThat(member.copy.follow()).isTrue();
        longLived.forEach(this::put);
        assertThat(member.copy.follow()).isTrue();
        shortLived.forEach(this::put);
        assertThat(member.copy.follow()).isFalse();

        assertThat(Files.readString(member.root.resolve("ca/shop/key.pem")))
                .isEqualTo(longLived.get("ca/shop/key.pem"));
        assertThat(folder.resolve("outside")).doesNotExist();
        assertThat(member.root.resolve("ca/shop/other.pem")).doesNotExist();
        assertThat(member.files.read()).as("the others are told of it").containsAllEntriesOf(longLived);
    }

    @Test
    @DisplayName("take no certificate with the key of another one, and none that is no certificate")
    void no_pair() throws Exception {
        Map<String, String> right = pair(Duration.ofDays(1));
        Map<String, String> later = pair(Duration.ofDays(2));
        Member member = member("first");
        right.forEach(this::put);
        assertThat(member.copy.follow()).isTrue();

        put("ca/shop/key.pem", later.get("ca/shop/key.pem"));
        assertThat(member.copy.follow()).as("the same certificate").isFalse();
        put("ca/shop/key.pem", right.get("ca/shop/key.pem"));
        put("ca/shop/cert.pem", later.get("ca/shop/cert.pem"));
        assertThat(member.copy.follow()).as("a later certificate").isFalse();
        put("ca/other/key.pem", right.get("ca/shop/key.pem"));
        put("ca/other/cert.pem", "no certificate");
        assertThat(member.copy.follow()).isFalse();

        assertThat(member.root.resolve("ca/shop/key.pem")).hasContent(right.get("ca/shop/key.pem"));
        assertThat(member.root.resolve("ca/shop/cert.pem")).hasContent(right.get("ca/shop/cert.pem"));
        assertThat(member.root.resolve("ca/other")).doesNotExist();
    }

    @Test
    @DisplayName("copy nothing from a store that is not believed, and delete nothing for it")
    void went_back() throws Exception {
        Member member = member("first");
        put("ca/account.pem", "of the fleet");
        put("challenges/one.json", "x");
        member.copy.follow();
        // A store of before the challenge, with another account.
        files("writer").take().ifPresent(right -> {
            try (right) {
                right.write(Map.of("ca/account.pem", "old"), Set.of("challenges/one.json"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        trouble = Optional.of("it went back");

        assertThat(member.copy.follow()).isFalse();
        assertThat(member.root.resolve("ca/account.pem")).hasContent("of the fleet");
        assertThat(member.root.resolve("challenges/one.json")).hasContent("x");

        trouble = Optional.empty();
        member.copy.follow();
        assertThat(member.root.resolve("ca/account.pem")).hasContent("old");
    }

    @Test
    @DisplayName("copy nothing from a store that was put back a moment ago, which nobody has noticed yet")
    void went_back_just_now() throws Exception {
        Member member = member("first");
        put("ca/account.pem", "old");
        Path saved = store.etcd().save();
        put("ca/account.pem", "of the fleet");
        member.copy.follow();
        believe();

        store.etcd().putBack(saved);

        assertThat(member.copy.follow()).isFalse();
        assertThat(member.root.resolve("ca/account.pem")).hasContent("of the fleet");

        believe();
        member.copy.follow();
        assertThat(member.root.resolve("ca/account.pem")).hasContent("old");
    }

    @Test
    @DisplayName("leave out files that are too long or that no disk can name, and copy the others")
    void bounds() throws Exception {
        Member member = member("first");
        EtcdClient client = store.client(ANSWER);
        for (Map.Entry<String, String> file : Map.of(
                        "a/account.pem",
                        "x".repeat(1024 * 1024),
                        "b".repeat(300) + "/account.pem",
                        "x",
                        "c/account.pem",
                        "y")
                .entrySet()) {
            client.commit(new Transaction(
                    List.of(), List.of(Write.put(store.prefix() + "~files/" + file.getKey(), file.getValue()))));
        }
        client.commit(new Transaction(List.of(), List.of(Write.put(store.prefix() + "~written", "somebody"))));

        member.copy.follow();

        assertThat(member.root.resolve("c/account.pem")).hasContent("y");
        assertThat(member.root.resolve("a")).doesNotExist();
        assertThat(member.root).isDirectoryNotContaining("glob:b*");
    }

    @Test
    @DisplayName("write nothing once the right has gone with its lease, as after a long halt")
    void a_lost_lease() throws Exception {
        FleetFiles.Right halted = files("first").take().orElseThrow();
        store.etcd().revokeLeases();
        put("ca/account.pem", "of the second");

        assertThat(halted.isHeld()).isFalse();
        assertThatThrownBy(() -> halted.write(Map.of("ca/account.pem", "late"), Set.of()))
                .isInstanceOf(IOException.class);
        halted.close();
        assertThat(files("third").read()).isEqualTo(Map.of("ca/account.pem", "of the second"));
    }

    @Test
    @DisplayName("have what one of them has ordered before it entered the fleet")
    void ordered_before() throws Exception {
        Member first = member("first");
        Member second = member("second");
        for (Map.Entry<String, String> file : pair(Duration.ofDays(1)).entrySet()) {
            Files.createDirectories(first.root.resolve(file.getKey()).getParent());
            Files.writeString(first.root.resolve(file.getKey()), file.getValue());
        }

        assertThat(second.copy.follow()).isFalse();
        assertThat(first.copy.follow()).isFalse();
        assertThat(second.copy.follow()).isTrue();

        assertThat(second.root.resolve("ca/shop/cert.pem"))
                .hasSameTextualContentAs(first.root.resolve("ca/shop/cert.pem"));
        assertThat(first.copy.follow()).isFalse();
    }

    @Test
    @DisplayName("have the account of the fleet at each authority, and each member keeps its own beside it")
    void accounts() throws Exception {
        Member member = member("first");
        for (String authority : List.of("ca", "staging", "old")) {
            Files.createDirectories(member.root.resolve(authority));
            Files.writeString(member.root.resolve(authority).resolve("account.pem"), "own of " + authority);
        }
        put("ca/account.pem", "of the fleet");
        put("staging/account.pem", "of the fleet, too");

        member.copy.follow();
        Member second = member("second");
        second.copy.follow();

        assertThat(member.root.resolve("ca/account.pem")).hasContent("of the fleet");
        assertThat(member.root.resolve("ca/account.own.pem")).hasContent("own of ca");
        assertThat(member.root.resolve("staging/account.pem")).hasContent("of the fleet, too");
        assertThat(member.root.resolve("staging/account.own.pem")).hasContent("own of staging");
        assertThat(second.root.resolve("old/account.pem"))
                .as("the fleet has none of that authority")
                .hasContent("own of old");
        assertThat(second.root.resolve("ca/account.own.pem")).doesNotExist();
    }

    private void put(String name, String text) {
        try (FleetFiles.Right right = files("writer").take().orElseThrow()) {
            right.write(Map.of(name, text), Set.of());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> pair(Duration life) throws Exception {
        KeyPair keys = KeyPairs.generate();
        Instant now = Instant.now();
        Map<String, String> files = new TreeMap<>();
        files.put(
                "ca/shop/cert.pem",
                PemBlock.ofChain(TestCertificates.chain(keys, now, now.plus(life), "shop.example.com")));
        files.put("ca/shop/key.pem", PemText.of(keys.getPrivate()));
        return files;
    }

    /** A folder that can't be looked at: its path is too long for the system. */
    @Test
    @DisplayName("go on without a folder that can't be read, and copy again when it can")
    void unreadable_folder() throws Exception {
        Path deep = folder;
        while (deep.toString().length() < 3_800) {
            deep = deep.resolve("d".repeat(200));
        }
        Files.createDirectories(deep);
        FleetFiles others = files("other");
        try (FleetFiles.Right right = others.take().orElseThrow()) {
            right.write(Map.of("staging/account.pem", "x"), Set.of());
        }
        FleetFolder copy = new FleetFolder(deep, () -> Optional.of(files("deep")), () -> {});
        String name = "n".repeat(250);
        shell("cd " + deep + " && mkdir -p " + name + "/" + name);
        try {
            assertThat(copy.follow()).isFalse();
            assertThat(deep.resolve("staging")).doesNotExist();
        } finally {
            shell("cd " + deep + " && rm -r " + name);
        }

        copy.follow();
        assertThat(deep.resolve("staging/account.pem")).hasContent("x");
    }

    private static void shell(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-ec", script).inheritIO().start();
        assertThat(process.waitFor()).isZero();
    }
}
