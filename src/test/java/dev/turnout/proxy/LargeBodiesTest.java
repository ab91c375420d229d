package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.SlotReleases;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficPlane.OnDrift;
import dev.turnout.support.Await;
import dev.turnout.support.NoCertificates;
import dev.turnout.support.TestLoops;
import dev.turnout.tls.TargetWays;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Large bodies of plain connections go through pipes of the system, and nobody can tell but by the processor time. */
@DisplayName("A large body between plain connections")
@Timeout(120)
final class LargeBodiesTest {

    private static final int LARGE = 8 << 20;
    private static final long SEED = 27;
    private static final long[] SIZES = {
        0, 1, 2047, 65_535, 65_536, 65_537, 262_143, 262_144, 262_145, 400_000, 1 << 20, (5 << 20) + 3
    };

    @TempDir
    private Path folder;

    private Vertx vertx;
    private DataPlane plane;
    private LargeBodyTarget blue;
    private LargeBodyTarget green;
    private long pipesBefore;

    @BeforeEach
    void begin() throws IOException {
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
        pipesBefore = pipes();
        green = LargeBodyTarget.atPort();
        serve(LargeBodyTarget.atPort());
    }

    private void serve(LargeBodyTarget target, String... settings) throws IOException {
        close(plane);
        blue = target;
        TurnoutConfig config = TargetPlane.config(
                folder,
                Map.of("turnout.access-log", "combined", "turnout.access-log-file", log().toString()),
                settings);
        plane = new DataPlane(TestLoops.of(vertx), config, new NoCertificates(), new TargetWays());
        plane.start(state(Slot.BLUE));
        assertThat(plane.transport()).isEqualTo("epoll");
    }

    @AfterEach
    void end() throws IOException {
        close(plane);
        vertx.close().toCompletionStage().toCompletableFuture().join();
        blue.close();
        green.close();
        Await.until("the pipes are closed", () -> pipes() <= pipesBefore);
    }

    private static void close(DataPlane plane) {
        if (plane != null) {
            plane.stop(Duration.ofSeconds(5)).toCompletableFuture().join();
        }
    }

    private Path log() {
        return folder.resolve("access.log");
    }

    private RoutingState state(Slot active) {
        return RoutingState.of(List.of(new Service(
                Service.DEFAULT,
                active,
                Optional.empty(),
                Pool.of(List.of(blue.target())),
                Pool.of(List.of(green.target())),
                Optional.empty(),
                false,
                Optional.empty(),
                1,
                Instant.EPOCH,
                "",
                SlotReleases.NONE)));
    }

    /** Returns how many ends of pipes this process has. */
    private static long pipes() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(LargeBodiesTest::isPipe).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isPipe(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isIdle() {
        return plane.inFlight(Service.DEFAULT, List.of(blue.target(), green.target())) instanceof InFlight.Known known
                && known.requests() == 0;
    }

    private void isIdleSoon() {
        Await.until("no request is in flight", this::isIdle);
    }

    // --- The client ------------------------------------------------------------------------------------------------

    private final class Client implements AutoCloseable {

        private final Socket socket = new Socket();
        private final InputStream in;
        private final OutputStream out;

        Client() throws IOException {
            this(0);
        }

        Client(int receiveBuffer) throws IOException {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress("127.0.0.1", plane.plainPort().orElseThrow()));
            socket.setSoTimeout(20_000);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        Client ask(String method, String query, long length) throws IOException {
            out.write((method + " /?" + query + " HTTP/1.1\r\nHost: a.example\r\n"
                            + (length < 0 ? "" : "Content-Length: " + length + "\r\n") + "\r\n")
                    .getBytes(US_ASCII));
            return this;
        }

        Client get(String query) throws IOException {
            return ask("GET", query, -1);
        }

        void download(long seed, long size, Random pauses) throws IOException {
            assertThat(LargeBodyTarget.head(in))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("Content-Length: " + size + "\r\n");
            LargeBodyTarget.receive(in, seed, 0, size, pauses);
        }

        void upload(long seed, long size, Random pauses, String more) throws IOException {
            ask("POST", "size=" + size + "&seed=" + seed + more, size);
            LargeBodyTarget.send(out, seed, 0, size, pauses);
            assertThat(LargeBodyTarget.head(in)).startsWith("HTTP/1.1 200 ");
            assertThat(new String(in.readNBytes(5), US_ASCII)).isEqualTo("taken");
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    // --- Bytes -----------------------------------------------------------------------------------------------------

    private void passesWholeBothWays(Random random) throws IOException {
        try (Client client = new Client()) {
            for (long size : SIZES) {
                long seed = random.nextInt(1000);
                String query = "size=" + size + "&seed=" + seed;
                String slow = random.nextBoolean() ? "&slow=1" : "";
                Random pauses = random.nextBoolean() ? random : null;
                client.get(query + slow).download(seed, size, pauses);
                client.upload(seed, size, pauses, slow);
                client.ask("HEAD", query, -1);
                assertThat(LargeBodyTarget.head(client.in)).contains("Content-Length: " + size + "\r\n");
                client.ask("GET", query + "&status=304", -1);
                assertThat(LargeBodyTarget.head(client.in)).startsWith("HTTP/1.1 304 ");
                client.get(query).get(query + slow).get("size=3&seed=1").get(query);
                client.download(seed, size, pauses);
                client.download(seed, size, null);
                client.download(1, 3, null);
                client.download(seed, size, pauses);
            }
        }
        assertThat(blue.wrong()).isEmpty();
    }

    @Test
    void passes_whole_in_both_directions_whatever_its_size_and_the_connection_goes_on() throws IOException {
        passesWholeBothWays(new Random(SEED));
    }

    @Test
    void passes_whole_from_and_to_a_unix_socket() throws IOException {
        serve(LargeBodyTarget.atUnixSocket(folder.resolve("socket")));
        passesWholeBothWays(new Random(SEED));
    }

    @Test
    void passes_whole_if_it_has_fifty_megabytes() throws IOException {
        try (Client client = new Client()) {
            client.get("size=52428800&seed=5").download(5, 52_428_800, null);
            client.upload(6, 52_428_800, null, "");
        }
        assertThat(blue.wrong()).isEmpty();
    }

    /** What follows an upload is the next request, and none of its bytes may go to the target with the body. */
    @Test
    void ends_where_its_length_says_if_a_client_sends_the_next_request_at_once() throws IOException {
        try (Client client = new Client()) {
            for (int seed = 0; seed < 20; seed++) {
                client.ask("POST", "size=3000000&seed=" + seed, 3_000_000);
                LargeBodyTarget.send(client.out, seed, 0, 3_000_000, null);
                client.get("size=400000&seed=" + seed);
                assertThat(LargeBodyTarget.head(client.in)).startsWith("HTTP/1.1 200 ");
                assertThat(new String(client.in.readNBytes(5), US_ASCII)).isEqualTo("taken");
                client.download(seed, 400_000, null);
            }
        }
        assertThat(blue.wrong()).isEmpty();
    }

    @Test
    void ends_where_its_length_says_if_a_target_sends_more() throws IOException {
        try (Client client = new Client()) {
            for (int seed = 0; seed < 20; seed++) {
                client.get("size=3000000&how=any&more=100000&seed=" + seed).download(seed, 3_000_000, null);
                client.get("size=3&seed=" + seed).download(seed, 3, null);
            }
        }
    }

    @Test
    void passes_whole_on_many_connections_while_the_active_slot_changes_a_hundred_times() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int seed = i;
            clients.add(new Thread(() -> {
                try (Client client = new Client()) {
                    while (!over.get()) {
                        client.get("size=1000003&seed=" + seed).download(seed, 1_000_003, null);
                        client.upload(seed, 600_001, null, "");
                    }
                } catch (IOException | AssertionError e) {
                    wrong.add(e);
                }
            }));
        }
        clients.forEach(Thread::start);
        for (int flip = 0; flip < 100; flip++) {
            plane.publish(state(flip % 2 == 0 ? Slot.GREEN : Slot.BLUE), OnDrift.FAIL)
                    .toCompletableFuture()
                    .join();
            Await.pause(Duration.ofMillis(30));
        }
        over.set(true);
        for (Thread client : clients) {
            client.join(20_000);
            assertThat(client.isAlive()).isFalse();
        }
        assertThat(wrong).isEmpty();
        assertThat(blue.wrong()).isEmpty();
        assertThat(green.wrong()).isEmpty();
    }

    // --- Pipes -----------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource({"8388608, true", "60000, false"})
    void goes_through_a_pipe_if_it_is_large(long size, boolean isPiped) throws IOException {
        try (Client client = new Client(4096)) {
            client.get("size=" + size + "&seed=1&end=" + size / 2 + "&how=stall");
            client.in.readNBytes((int) size / 4);
            if (isPiped) {
                Await.until("there is a pipe", () -> pipes() > pipesBefore);
            } else {
                assertThat(pipes()).isEqualTo(pipesBefore);
            }
            client.reset();
        }
    }

    @Test
    void is_copied_if_there_are_as_many_pipes_as_there_may_be() throws IOException {
        List<Client> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 80; i++) {
                Client client = new Client(4096);
                stalled.add(client);
                client.get("size=" + LARGE + "&seed=" + i);
            }
            Await.until("all pipes are in use", () -> pipes() == pipesBefore + 2 * 2 * 32);
            try (Client client = new Client()) {
                client.get("size=" + LARGE + "&seed=9").download(9, LARGE, null);
            }
            stalled.get(0).download(0, LARGE, null);
            stalled.get(79).download(79, LARGE, null);
        } finally {
            for (Client client : stalled) {
                client.close();
            }
        }
        isIdleSoon();
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    /** A message that was cut must not look whole, and what comes after it goes its usual way. */
    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({"fin, target", "reset, target", "fin, client", "reset, client"})
    void that_ends_early_leaves_nothing_behind(String how, String side) throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < 15; i++) {
            int end = random.nextInt(LARGE);
            boolean isUpload = random.nextBoolean();
            String query = "size=" + LARGE + "&seed=" + i + (random.nextBoolean() ? "&slow=1" : "");
            try (Client client = new Client(random.nextBoolean() ? 4096 : 0)) {
                if (side.equals("target")) {
                    query += "&end=" + end + "&how=" + how;
                    endedByTarget(client, query, i, isUpload);
                } else {
                    endedByClient(client, query, i, isUpload, end, how);
                }
            }
            isIdleSoon();
        }
        try (Client client = new Client()) {
            client.get("size=400000&seed=2").download(2, 400_000, null);
        }
    }

    private static void endedByTarget(Client client, String query, long seed, boolean isUpload) throws IOException {
        client.ask(isUpload ? "POST" : "GET", query, isUpload ? LARGE : -1);
        if (isUpload) {
            try {
                LargeBodyTarget.send(client.out, seed, 0, LARGE, null);
                assertThat(LargeBodyTarget.head(client.in)).startsWith("HTTP/1.1 502 ");
            } catch (IOException e) {
                // The connection has ended before the answer could be read.
                return;
            }
        } else {
            assertThatThrownBy(() -> {
                        // An end before the head is answered for the target.
                        String head = LargeBodyTarget.head(client.in);
                        if (head.startsWith("HTTP/1.1 502 ")) {
                            throw new IOException(head);
                        }
                        LargeBodyTarget.receive(client.in, seed, 0, LARGE, null);
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    private static void endedByClient(Client client, String query, long seed, boolean isUpload, int end, String how)
            throws IOException {
        client.ask(isUpload ? "POST" : "GET", query + "&how=any", isUpload ? LARGE : -1);
        if (isUpload) {
            LargeBodyTarget.send(client.out, seed, 0, end, null);
        } else {
            LargeBodyTarget.head(client.in);
            LargeBodyTarget.receive(client.in, seed, 0, end, null);
        }
        if (how.equals("reset")) {
            client.reset();
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"client", "target"})
    void that_stands_still_is_cut_in_time(String side) throws IOException {
        serve(blue, "turnout.client.body", "500ms", "turnout.upstream.body", "500ms");
        String stall = side.equals("target") ? "&end=3000000&how=stall" : "";
        try (Client download = new Client(4096);
                Client upload = new Client()) {
            download.get("size=" + LARGE + "&seed=1" + stall);
            upload.ask("POST", "size=" + LARGE + "&seed=1" + stall, LARGE);
            if (side.equals("target")) {
                assertThatThrownBy(() -> download.download(1, LARGE, null)).isInstanceOf(IOException.class);
                assertThatThrownBy(() -> {
                            LargeBodyTarget.send(upload.out, 1, 0, LARGE, null);
                            throw new IOException(LargeBodyTarget.head(upload.in));
                        })
                        .isInstanceOf(IOException.class);
            } else {
                LargeBodyTarget.send(upload.out, 1, 0, 3_000_000, null);
            }
            isIdleSoon();
        }
    }

    @Test
    void is_cut_where_it_is_by_a_drain_that_takes_too_long() throws IOException {
        try (Client client = new Client(4096)) {
            client.get("size=" + LARGE + "&seed=1");
            Await.until("there is a pipe", () -> pipes() > pipesBefore);
            assertThat(plane.cut(Service.DEFAULT, List.of(blue.target()))
                            .toCompletableFuture()
                            .join()
                            .count())
                    .isEqualTo(1);
            assertThatThrownBy(() -> client.download(1, LARGE, null)).isInstanceOf(IOException.class);
            isIdleSoon();
        }
    }

    // --- Counts ----------------------------------------------------------------------------------------------------

    @Test
    void is_counted_in_the_metrics_and_in_the_access_log() throws IOException {
        try (Client client = new Client()) {
            client.get("size=3000000&seed=1").download(1, 3_000_000, null);
            client.upload(2, 2_000_000, null, "");
        }
        isIdleSoon();
        Target target = blue.target();
        assertThat(plane.traffic(Service.DEFAULT).get(target).bytesSent()).isEqualTo(3_000_000 + 5);
        assertThat(plane.traffic(Service.DEFAULT).get(target).bytesReceived()).isEqualTo(2_000_000);
        Await.until("the log has both lines", () -> lines().size() == 2);
        assertThat(lines().get(0)).contains(" 200 3000000 ");
        assertThat(lines().get(1)).contains(" 200 5 ");
    }

    private List<String> lines() {
        try {
            return Files.exists(log()) ? Files.readAllLines(log()) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
