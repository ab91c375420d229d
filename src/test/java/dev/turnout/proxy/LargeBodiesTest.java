package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.LargeBody.Framing;
import dev.turnout.proxy.route.TargetConduct;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.SlotReleases;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficPlane.OnDrift;
import dev.turnout.support.Await;
import dev.turnout.support.Http2Client;
import dev.turnout.support.NoCertificates;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestLoops;
import dev.turnout.support.TrustAll;
import dev.turnout.tls.CertificateSettings;
import dev.turnout.tls.Certificates;
import dev.turnout.tls.HandshakeChoices;
import dev.turnout.tls.TargetWays;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
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
        serve(target, config -> new NoCertificates(), settings);
    }

    private void serve(LargeBodyTarget target, Function<TurnoutConfig, HandshakeChoices> choices, String... settings)
            throws IOException {
        close(plane);
        blue = target;
        TurnoutConfig config = TargetPlane.config(
                folder,
                Map.of("turnout.access-log", "combined", "turnout.access-log-file", log().toString()),
                settings);
        plane = new DataPlane(TestLoops.of(vertx), config, choices.apply(config), new TargetWays());
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
        return inFlight() == 0;
    }

    private long inFlight() {
        return ((InFlight.Known) plane.inFlight(Service.DEFAULT, List.of(blue.target(), green.target()))).requests();
    }

    private void isIdleSoon() {
        Await.until("no request is in flight", this::isIdle);
    }

    // --- The client ------------------------------------------------------------------------------------------------

    private static Socket connected(int receiveBuffer, int port) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return socket;
    }

    private Client secure() throws IOException {
        int port = plane.tlsPort().orElseThrow();
        return new Client(
                TrustAll.context().getSocketFactory().createSocket(connected(0, port), "shop.example", port, true));
    }

    private final class Client implements AutoCloseable {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Client() throws IOException {
            this(0);
        }

        Client(int receiveBuffer) throws IOException {
            this(connected(receiveBuffer, plane.plainPort().orElseThrow()));
        }

        Client(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout(20_000);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        Client ask(String method, LargeBody body, String more) throws IOException {
            out.write((method + " /?" + body.query() + more + " HTTP/1.1\r\nHost: shop.example\r\n"
                            + (method.startsWith("P") ? body.line() : "") + "\r\n")
                    .getBytes(US_ASCII));
            return this;
        }

        Client get(LargeBody body, String more) throws IOException {
            return ask("GET", body, more);
        }

        Client get(LargeBody body) throws IOException {
            return get(body, "");
        }

        void download(LargeBody body, Random pauses) throws IOException {
            assertThat(LargeBodyTarget.head(in)).startsWith("HTTP/1.1 200 ").contains(body.line());
            body.receive(in, pauses);
        }

        void upload(LargeBody body, Random pauses, String more) throws IOException {
            ask("POST", body, more);
            body.send(out, pauses);
            taken();
        }

        void taken() throws IOException {
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

    private void passesWholeBothWays(Framing framing, Random random) throws IOException {
        LargeBody small = new LargeBody(Framing.LENGTH, 1, 3);
        try (Client client = new Client()) {
            for (long size : SIZES) {
                LargeBody body = new LargeBody(framing, random.nextInt(1000), size);
                String slow = random.nextBoolean() ? "&slow=1" : "";
                Random pauses = random.nextBoolean() ? random : null;
                client.get(body, slow).download(body, pauses);
                client.upload(body, pauses, slow);
                client.ask("HEAD", body, "");
                assertThat(LargeBodyTarget.head(client.in)).contains(body.line());
                client.get(body, "&status=304");
                assertThat(LargeBodyTarget.head(client.in)).startsWith("HTTP/1.1 304 ");
                client.get(body).get(body, slow).get(small).get(body);
                client.download(body, pauses);
                client.download(body, null);
                client.download(small, null);
                client.download(body, pauses);
            }
        }
        assertThat(blue.wrong()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"LENGTH", "CHUNKS"})
    void passes_whole_in_both_directions_whatever_its_size_and_the_connection_goes_on(Framing framing)
            throws IOException {
        passesWholeBothWays(framing, new Random(SEED));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"LENGTH", "CHUNKS"})
    void passes_whole_from_and_to_a_unix_socket(Framing framing) throws IOException {
        serve(LargeBodyTarget.atUnixSocket(folder.resolve("socket")));
        passesWholeBothWays(framing, new Random(SEED));
    }

    @Test
    void passes_whole_if_it_ends_with_its_connection() throws IOException {
        Random random = new Random(SEED);
        for (long size : SIZES) {
            LargeBody body = new LargeBody(Framing.CLOSE, random.nextInt(1000), size);
            for (String slow : List.of("", "&slow=1")) {
                try (Client quick = new Client();
                        Client slowly = new Client(4096)) {
                    quick.get(body, slow).download(body, null);
                    slowly.get(body, slow).download(body, random);
                }
            }
        }
        assertThat(blue.wrong()).isEmpty();
    }

    @ParameterizedTest(name = "{0} in chunks of {1}")
    @CsvSource({"LENGTH, 0", "CHUNKS, 0", "CHUNKS, 1048576", "CHUNKS, 52428800"})
    void passes_whole_if_it_has_fifty_megabytes(Framing framing, int chunk) throws IOException {
        LargeBody body = new LargeBody(framing, 5, 52_428_800, chunk);
        try (Client client = new Client()) {
            client.get(body).download(body, null);
            client.upload(body, null, "");
        }
        assertThat(blue.wrong()).isEmpty();
    }

    /** A client of HTTP/1.0 gets the data of each chunk, and the end of its connection for the end of the body. */
    @Test
    void passes_whole_to_a_client_that_knows_no_chunks() throws IOException {
        LargeBody body = new LargeBody(Framing.CHUNKS, 7, LARGE);
        try (Client client = new Client()) {
            client.out.write(("GET /?" + body.query() + " HTTP/1.0\r\n\r\n").getBytes(US_ASCII));
            assertThat(LargeBodyTarget.head(client.in))
                    .startsWith("HTTP/1.1 200 ")
                    .doesNotContain("chunked");
            body.receiveData(client.in, 0, LARGE, null);
            assertThat(client.in.read()).isNegative();
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void passes_whole_to_clients_that_have_no_plain_connection(Framing framing) throws Exception {
        Path directory = Files.createDirectories(folder.resolve("certificates"));
        TestAuthority.root("test").issue("shop.example").write(directory, "shop");
        serve(
                blue,
                LargeBodiesTest::certificates,
                "turnout.tls.port",
                "0",
                "turnout.tls.directory",
                directory.toString());
        LargeBody body = new LargeBody(framing, 9, 3_000_001);
        try (Client client = secure()) {
            client.get(body).download(body, null);
        }
        if (framing != Framing.CLOSE) {
            try (Client client = secure()) {
                client.upload(body, null, "");
            }
        }
        int most = Integer.MAX_VALUE;
        try (Http2Client client = Http2Client.to(plane.plainPort().orElseThrow(), 4, most)) {
            client.open(0, most - 65_535);
            client.get(1, "/?" + body.query());
            Http2Client.Answer answer = client.answer(1);
            assertThat(answer.isEnded()).isTrue();
            InputStream in = new ByteArrayInputStream(answer.body().getBytes(ISO_8859_1));
            body.receiveData(in, 0, body.size(), null);
            assertThat(in.read()).isNegative();
        }
        assertThat(pipes()).isEqualTo(pipesBefore);
    }

    private static HandshakeChoices certificates(TurnoutConfig config) {
        Certificates certificates = new Certificates(CertificateSettings.of(config), Clock.systemUTC());
        certificates.open();
        return certificates;
    }

    /** What follows an upload is the next request, and none of its bytes may go to the target with the body. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"LENGTH", "CHUNKS"})
    void ends_where_it_says_if_a_client_sends_the_next_request_at_once(Framing framing) throws IOException {
        try (Client client = new Client()) {
            for (int seed = 0; seed < 20; seed++) {
                LargeBody up = new LargeBody(framing, seed, 3_000_000);
                LargeBody down = new LargeBody(framing, seed, 400_000);
                client.ask("POST", up, "");
                up.send(client.out, null);
                client.get(down);
                client.taken();
                client.download(down, null);
            }
        }
        assertThat(blue.wrong()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"LENGTH", "CHUNKS"})
    void ends_where_it_says_if_a_target_sends_more(Framing framing) throws IOException {
        try (Client client = new Client()) {
            for (int seed = 0; seed < 20; seed++) {
                LargeBody large = new LargeBody(framing, seed, 3_000_000);
                LargeBody small = new LargeBody(framing, seed, 3);
                client.get(large, "&how=any&more=100000").download(large, null);
                client.get(small).download(small, null);
            }
        }
    }

    /** The first answer ends with what was in the pipe, and the read behind it brings more. */
    @ParameterizedTest(name = "by {0} bytes")
    @ValueSource(ints = {1, 40, 2000})
    void ends_where_it_says_if_a_target_sends_more_and_the_next_request_is_there(int more) throws IOException {
        try (Client client = new Client()) {
            for (int seed = 0; seed < 50; seed++) {
                LargeBody large = new LargeBody(Framing.LENGTH, seed, 3_000_000);
                LargeBody small = new LargeBody(Framing.LENGTH, seed, 3);
                client.get(large, "&how=any&atonce=" + more).get(small);
                client.download(large, null);
                client.download(small, null);
            }
        }
    }

    @Test
    void passes_whole_on_many_connections_while_the_active_slot_changes_a_hundred_times() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Framing framing = i % 2 == 0 ? Framing.LENGTH : Framing.CHUNKS;
            LargeBody down = new LargeBody(framing, i, 1_000_003);
            LargeBody up = new LargeBody(framing, i, 600_001);
            clients.add(new Thread(() -> {
                try (Client client = new Client()) {
                    while (!over.get()) {
                        client.get(down).download(down, null);
                        client.upload(up, null, "");
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

    @ParameterizedTest(name = "{0} of {1} bytes in chunks of {2}: {3}")
    @CsvSource({
        "LENGTH, 8388608, 0, true",
        "LENGTH, 60000, 0, false",
        "CHUNKS, 8388608, 1048576, true",
        "CHUNKS, 8388608, 60000, false",
        "CLOSE, 8388608, 0, true",
        "CLOSE, 60000, 0, false"
    })
    void goes_through_a_pipe_if_it_is_large(Framing framing, long size, int chunk, boolean isPiped) throws IOException {
        try (Client client = new Client(4096)) {
            client.get(new LargeBody(framing, 1, size, chunk), "&how=stall&end=" + size / 2);
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
                client.get(stalled(i));
            }
            Await.until("all pipes are in use", () -> pipes() == pipesBefore + 2 * 2 * 32);
            for (Framing framing : Framing.values()) {
                LargeBody body = new LargeBody(framing, 9, LARGE);
                try (Client client = new Client()) {
                    client.get(body).download(body, null);
                }
            }
            for (int i : List.of(0, 1, 78, 79)) {
                stalled.get(i).download(stalled(i), null);
            }
        } finally {
            for (Client client : stalled) {
                client.close();
            }
        }
        isIdleSoon();
    }

    private static LargeBody stalled(int number) {
        return new LargeBody(number % 2 == 0 ? Framing.LENGTH : Framing.CHUNKS, number, LARGE, 1 << 20);
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    /** A message that was cut must not look whole, and what comes after it goes its usual way. */
    @ParameterizedTest(name = "{0}: {1} of {2}")
    @CsvSource({
        "LENGTH, fin, target",
        "LENGTH, reset, target",
        "LENGTH, fin, client",
        "LENGTH, reset, client",
        "CHUNKS, fin, target",
        "CHUNKS, reset, target",
        "CHUNKS, fin, client",
        "CHUNKS, reset, client",
        "CLOSE, reset, target",
        "CLOSE, fin, client",
        "CLOSE, reset, client"
    })
    void that_ends_early_leaves_nothing_behind(Framing framing, String how, String side) throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < 15; i++) {
            int end = random.nextInt(LARGE);
            boolean isUpload = framing != Framing.CLOSE && random.nextBoolean();
            LargeBody body = new LargeBody(framing, i, LARGE);
            String more = random.nextBoolean() ? "&slow=1" : "";
            try (Client client = new Client(random.nextBoolean() ? 4096 : 0)) {
                if (side.equals("target")) {
                    endedByTarget(client, body, more + "&how=" + how + "&end=" + end, isUpload);
                } else {
                    endedByClient(client, body, more + "&how=any", isUpload, end, how);
                }
            }
            isIdleSoon();
        }
        LargeBody next = new LargeBody(Framing.LENGTH, 2, 400_000);
        try (Client client = new Client()) {
            client.get(next).download(next, null);
        }
    }

    private static void endedByTarget(Client client, LargeBody body, String more, boolean isUpload) throws IOException {
        client.ask(isUpload ? "POST" : "GET", body, more);
        if (isUpload) {
            try {
                body.send(client.out, null);
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
                        body.receive(client.in, null);
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    private static void endedByClient(Client client, LargeBody body, String more, boolean isUpload, int end, String how)
            throws IOException {
        client.ask(isUpload ? "POST" : "GET", body, more);
        if (isUpload) {
            body.send(client.out, end, null);
        } else {
            LargeBodyTarget.head(client.in);
            body.receive(client.in, end, null);
        }
        if (how.equals("reset")) {
            client.reset();
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"LENGTH, client", "LENGTH, target", "CHUNKS, client", "CHUNKS, target", "CLOSE, client", "CLOSE, target"
    })
    void that_stands_still_is_cut_in_time(Framing framing, String side) throws IOException {
        serve(blue, "turnout.client.body", "500ms", "turnout.upstream.body", "500ms");
        String stall = side.equals("target") ? "&how=stall&end=3000000" : "";
        LargeBody down = new LargeBody(framing, 1, LARGE, 1 << 20);
        LargeBody up = new LargeBody(framing == Framing.CLOSE ? Framing.LENGTH : framing, 1, LARGE, 1 << 20);
        try (Client download = new Client(4096);
                Client upload = new Client()) {
            download.get(down, stall);
            upload.ask("POST", up, stall);
            if (side.equals("target")) {
                assertThatThrownBy(() -> download.download(down, null)).isInstanceOf(IOException.class);
                assertThatThrownBy(() -> {
                            up.send(upload.out, null);
                            throw new IOException(LargeBodyTarget.head(upload.in));
                        })
                        .isInstanceOf(IOException.class);
            } else {
                up.send(upload.out, 3_000_000, null);
            }
            isIdleSoon();
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void is_cut_where_it_is_by_a_drain_that_takes_too_long(Framing framing) throws IOException {
        LargeBody body = new LargeBody(framing, 1, LARGE, 1 << 20);
        try (Client client = new Client(4096)) {
            client.get(body);
            Await.until("there is a pipe", () -> pipes() > pipesBefore);
            assertThat(plane.cut(Service.DEFAULT, List.of(blue.target()))
                            .toCompletableFuture()
                            .join()
                            .count())
                    .isEqualTo(1);
            assertThatThrownBy(() -> client.download(body, null)).isInstanceOf(IOException.class);
            isIdleSoon();
        }
    }

    /** The chunk goes on beyond the limit: no byte of that may go to the target. */
    @Test
    void is_refused_behind_the_last_byte_that_may_come() throws IOException {
        serve(blue, "turnout.limits.body", "2000000");
        LargeBody body = new LargeBody(Framing.CHUNKS, 1, LARGE, LARGE);
        try (Client client = new Client()) {
            client.ask("POST", body, "&how=any");
            assertThatThrownBy(() -> {
                        body.send(client.out, null);
                        throw new IOException(LargeBodyTarget.head(client.in));
                    })
                    .isInstanceOf(IOException.class);
            isIdleSoon();
        }
        assertThat(plane.traffic(Service.DEFAULT).get(blue.target()).bytesReceived())
                .isBetween(1_000_000L, 2_000_000L);
        Await.until("the log has the line", () -> lines().size() == 1);
        assertThat(lines().get(0)).contains(" 413 ");
        LargeBody fits = new LargeBody(Framing.CHUNKS, 1, 2_000_000, 1_000_000);
        try (Client client = new Client()) {
            client.upload(fits, null, "");
        }
    }

    // --- Requests that go again ------------------------------------------------------------------------------------

    /** The number of the closed connection's descriptor is another connection's by then. */
    @Test
    void goes_to_the_fresh_connection_if_the_target_has_closed_the_idle_one() throws IOException {
        LargeBody small = new LargeBody(Framing.LENGTH, 1, 3);
        LargeBody body = new LargeBody(Framing.LENGTH, 1, LARGE);
        List<Closeable> lower = new ArrayList<>();
        List<Client> others = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                lower.add(new FileInputStream("/dev/null"));
            }
            try (Client client = new Client()) {
                takeIdle(client, body);
                for (Closeable place : lower) {
                    place.close();
                }
                blue.letPass(1);
                Await.until("the request goes again", () -> blue.atGate() == 2);
                for (int i = 0; i < 8; i++) {
                    others.add(new Client().get(small));
                }
                blue.letPass(1);
                body.send(client.out, null);
                client.taken();
            }
            for (Client other : others) {
                other.download(small, null);
                other.get(small).download(small, null);
            }
        } finally {
            for (Client other : others) {
                other.close();
            }
        }
        assertThat(blue.wrong()).isEmpty();
    }

    @Test
    void waits_for_the_fresh_connection_if_the_target_has_closed_the_idle_one() throws Exception {
        serve(blue, "turnout.upstream.connections", "1");
        LargeBody small = new LargeBody(Framing.LENGTH, 1, 3);
        LargeBody body = new LargeBody(Framing.LENGTH, 1, LARGE);
        try (Client client = new Client();
                Client first = new Client()) {
            takeIdle(client, body);
            first.get(small, "&gate=1");
            Await.until("another request waits", () -> inFlight() == 2);
            // A request that waits so much longer has the next connection, whatever its event loop is.
            Await.pause(Duration.ofMillis(100));
            blue.letPass(1);
            Await.until("the other request has the connection", () -> blue.atGate() == 2);

            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    body.send(client.out, null);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            // The body has come while its request waits.
            Await.pause(Duration.ofMillis(50));
            blue.letPass(2);
            first.download(small, null);
            client.taken();
            sent.join();
        }
        assertThat(blue.wrong()).isEmpty();
    }

    /** Has the head of an upload go to an idle connection, whose end the target holds back. */
    private void takeIdle(Client client, LargeBody body) throws IOException {
        LargeBody small = new LargeBody(Framing.LENGTH, 1, 3);
        client.get(small).download(small, null);
        Await.pause(Duration.ofMillis(2 * TargetConduct.SETTLED_MILLIS));
        client.ask("PUT", body, "&stale=1&gate=1");
        Await.until("the target has the head", () -> blue.atGate() == 1);
    }

    // --- Counts ----------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void is_counted_in_the_metrics_and_in_the_access_log(Framing framing) throws IOException {
        LargeBody down = new LargeBody(framing, 1, 3_000_000, 1_000_000);
        LargeBody up = new LargeBody(framing == Framing.CLOSE ? Framing.LENGTH : framing, 2, 2_000_000, 1_000_000);
        try (Client client = new Client()) {
            client.upload(up, null, "");
            client.get(down).download(down, null);
        }
        isIdleSoon();
        Target target = blue.target();
        assertThat(plane.traffic(Service.DEFAULT).get(target).bytesSent()).isEqualTo(bytes(down) + 5);
        assertThat(plane.traffic(Service.DEFAULT).get(target).bytesReceived()).isEqualTo(up.size());
        Await.until("the log has both lines", () -> lines().size() == 2);
        assertThat(lines().get(0)).contains(" 200 5 ");
        assertThat(lines().get(1)).contains(" 200 " + bytes(down) + " ");
    }

    /** A small body goes on with a Content-Length in the place of its chunks. */
    @Test
    void is_counted_without_its_framing_even_if_it_is_small_and_came_with_its_head() throws IOException {
        LargeBody chunks = new LargeBody(Framing.CHUNKS, 2, 5, 3);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(("POST /?" + new LargeBody(Framing.LENGTH, 2, 5).query() + " HTTP/1.1\r\nHost: shop.example\r\n"
                        + chunks.line() + "\r\n")
                .getBytes(US_ASCII));
        chunks.send(all, null);
        try (Client client = new Client()) {
            client.out.write(all.toByteArray());
            client.taken();
        }
        isIdleSoon();
        assertThat(blue.wrong()).isEmpty();
        assertThat(plane.traffic(Service.DEFAULT).get(blue.target()).bytesReceived())
                .isEqualTo(5);
    }

    /** Returns how many bytes a body has with its framing. */
    private static long bytes(LargeBody body) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        body.send(all, null);
        return all.size();
    }

    private List<String> lines() {
        try {
            return Files.exists(log()) ? Files.readAllLines(log()) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
