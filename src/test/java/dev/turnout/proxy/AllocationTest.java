package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficPlane.OnDrift;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import dev.turnout.support.Http2Target;
import dev.turnout.support.NoCertificates;
import dev.turnout.support.TestLoops;
import dev.turnout.tls.TargetWays;
import io.netty.util.ResourceLeakDetector;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxInternal;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a proxied request leaves on the heap: counted by the JVM on the event loop's thread, in bytes, not in time. */
final class AllocationTest {

    private static final int WARM_UP = 12_000;
    private static final int REQUESTS = 4_000;
    private static final int FEW_LINES = 5;
    private static final int MANY_LINES = 50;
    private static final long MOST = 1024;

    /** A stream is an object, as a connection that is reused is not. */
    private static final long MOST_TO_HTTP_2 = 2048;

    /** Less than the smallest object for each request. */
    private static final long FEW_BYTES = 16;

    /** Not even a byte for each line that one head has more than the other. */
    private static final long SAME = MANY_LINES - FEW_LINES - 1;

    private final Backend backend = Backend.start();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private ResourceLeakDetector.Level leakDetection;
    private Vertx vertx;
    private long loopThread;
    private DataPlane plane;

    @BeforeEach
    void start() throws Exception {
        // Its records would be counted too; it is off in production.
        leakDetection = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        loopThread = ((VertxInternal) vertx)
                .getEventLoopGroup()
                .next()
                .submit(() -> Thread.currentThread().getId())
                .get();
    }

    private void start(Map<String, String> more) {
        plane = new DataPlane(TestLoops.of(vertx), config(more), new NoCertificates(), new TargetWays());
        plane.start(state());
    }

    private RoutingState state() {
        return state(backend.port());
    }

    private static RoutingState state(int port) {
        Pool blue = Pool.of(List.of(new Target("127.0.0.1", port)));
        Pool green = Pool.of(List.of(new Target("127.0.0.1", 1)));
        return RoutingState.of(List.of(Service.initial(Service.DEFAULT, blue, green, Instant.EPOCH)));
    }

    @AfterEach
    void stop() {
        plane.stop(Duration.ofSeconds(5)).toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        backend.close();
        ResourceLeakDetector.setLevel(leakDetection);
    }

    private static TurnoutConfig config(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(more);
        properties.putAll(
                Map.of("turnout.listen.host", "127.0.0.1", "turnout.listen.port", "0", "turnout.access-log", "off"));
        return new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 500))
                .build());
    }

    @Test
    void a_get_leaves_under_a_kilobyte_on_the_heap_and_nothing_for_a_header() throws IOException {
        start(Map.of());
        try (Socket client =
                new Socket(InetAddress.getLoopbackAddress(), plane.plainPort().orElseThrow())) {
            client.setTcpNoDelay(true);
            perRequest(client, MANY_LINES, WARM_UP);

            long few = perRequest(client, FEW_LINES, REQUESTS);
            long many = perRequest(client, MANY_LINES, REQUESTS);

            System.out.printf(
                    "a GET of 1 KB leaves %d bytes on the heap with %d lines in both heads, %d bytes with %d%n",
                    few, FEW_LINES, many, MANY_LINES);
            assertThat(few).as("bytes for each request").isLessThan(MOST);
            assertThat(many - few).as("bytes for all lines more").isLessThan(SAME);
        }
    }

    @Test
    void a_line_for_browsers_that_come_by_https_leaves_nothing_more_on_the_heap() throws IOException {
        start(Map.of("turnout.trusted-proxies", "127.0.0.1"));
        long without = perRequest("X-Forwarded-Proto: https\r\n", false);
        plane.prepare(config(Map.of("turnout.trusted-proxies", "127.0.0.1", "turnout.tls.hsts", "5m")))
                .apply();
        plane.publish(state(), OnDrift.FAIL).toCompletableFuture().join();
        long with = perRequest("X-Forwarded-Proto: https\r\n", true);

        System.out.printf("a GET leaves %d bytes on the heap, and %d with the line%n", without, with);
        assertThat(with - without).as("bytes for each request").isLessThan(FEW_BYTES);
    }

    @Test
    void ten_rules_that_are_for_other_requests_leave_nothing_more_on_the_heap() throws IOException {
        start(Map.of());
        long without = perRequest("", false);
        Map<String, String> rules = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            rules.put("turnout.rules.\"" + i + "\".path", "/admin" + i + ",*.php");
            rules.put("turnout.rules.\"" + i + "\".header", "User-Agent: *bot*");
            rules.put("turnout.rules.\"" + i + "\".redirect", "/elsewhere");
        }
        plane.prepare(config(rules)).apply();
        plane.publish(state(), OnDrift.FAIL).toCompletableFuture().join();
        long with = perRequest("", false);

        System.out.printf("a GET leaves %d bytes on the heap, and %d with ten rules%n", without, with);
        assertThat(with - without).as("bytes for each request").isLessThan(FEW_BYTES);
    }

    private long perRequest(String line, boolean isStrict) throws IOException {
        try (Socket client =
                new Socket(InetAddress.getLoopbackAddress(), plane.plainPort().orElseThrow())) {
            client.setTcpNoDelay(true);
            backend.always(new Effect.Respond(200, List.of("Date: Thu, 01 Jan 1970 00:00:00 GMT"), new byte[1024]));
            byte[] request = ("GET /1024 HTTP/1.1\r\nHost: app.example\r\n" + line + "\r\n").getBytes(ISO_8859_1);
            assertThat(head(client, request).contains("Strict-Transport-Security: max-age=300\r\n"))
                    .isEqualTo(isStrict);
            perRequest(client, request, WARM_UP);
            return perRequest(client, request, REQUESTS);
        }
    }

    @Test
    void a_get_over_http_2_leaves_under_a_kilobyte_on_the_heap_and_nothing_for_a_header() throws IOException {
        start(Map.of());
        try (Http2Client client = Http2Client.to(plane.plainPort().orElseThrow())) {
            client.open(0, 1 << 30);
            client.settle();
            perStream(client, 1, MANY_LINES, WARM_UP);

            long few = perStream(client, 1 + 2 * WARM_UP, FEW_LINES, REQUESTS);
            long many = perStream(client, 1 + 2 * (WARM_UP + REQUESTS), MANY_LINES, REQUESTS);

            System.out.printf(
                    "a GET of 1 KB over HTTP/2 leaves %d bytes on the heap with %d lines in both heads, %d with %d%n",
                    few, FEW_LINES, many, MANY_LINES);
            assertThat(few).as("bytes for each request").isLessThan(MOST);
            assertThat(many - few).as("bytes for all lines more").isLessThan(SAME);
        }
    }

    @Test
    void a_get_to_a_target_of_http_2_leaves_little_on_the_heap_and_nothing_for_a_header() throws Exception {
        CompletableFuture<Void> serving;
        try (Http2Target target = new Http2Target()) {
            plane = new DataPlane(
                    TestLoops.of(vertx),
                    config(Map.of("turnout.protocol", "h2c")),
                    new NoCertificates(),
                    new TargetWays());
            plane.start(state(target.port()));
            AtomicInteger lines = new AtomicInteger(MANY_LINES);
            serving = CompletableFuture.runAsync(() -> serve(target, lines));
            try (Socket client = new Socket(
                    InetAddress.getLoopbackAddress(), plane.plainPort().orElseThrow())) {
                client.setTcpNoDelay(true);
                perRequest(client, request(MANY_LINES), WARM_UP);

                long many = perRequest(client, request(MANY_LINES), REQUESTS);
                lines.set(FEW_LINES);
                long few = perRequest(client, request(FEW_LINES), REQUESTS);

                System.out.printf(
                        "a GET of 1 KB to HTTP/2 leaves %d bytes on the heap with %d lines in both heads, %d with %d%n",
                        few, FEW_LINES, many, MANY_LINES);
                assertThat(few).as("bytes for each request").isLessThan(MOST_TO_HTTP_2);
                assertThat(many - few).as("bytes for all lines more").isLessThan(SAME);
            }
        }
        serving.join();
    }

    /** Answers each request over the first connection with a kilobyte, up to its end. */
    private static void serve(Http2Target target, AtomicInteger lines) {
        try {
            Http2Target.Session session = target.accept();
            while (true) {
                int stream = session.next(Http2Target.HEADERS).stream();
                String[] fields = new String[lines.get()];
                Arrays.fill(fields, "x-field=some value or other");
                fields[0] = ":status=200";
                fields[1] = "content-length=1024";
                session.send(Http2Target.HEADERS, Http2Target.END_HEADERS, stream, Http2Client.block(fields));
                session.send(Http2Target.DATA, Http2Target.END_STREAM, stream, new byte[1024]);
            }
        } catch (IOException ended) {
            // The test is over.
        }
    }

    private long perStream(Http2Client client, int first, int lines, int count) throws IOException {
        List<String> fields = Collections.nCopies(lines - 1, "X-Field: some value or other");
        backend.always(new Effect.Respond(200, fields, new byte[1024]));
        String[] more =
                Collections.nCopies(lines - 1, "x-field=some value or other").toArray(String[]::new);
        client.get(first, "/1024", more);
        client.answer(first);
        long before = threads.getThreadAllocatedBytes(loopThread);
        for (int i = 1; i < count; i++) {
            client.get(first + 2 * i, "/1024", more);
            client.answer(first + 2 * i);
        }
        return (threads.getThreadAllocatedBytes(loopThread) - before) / (count - 1);
    }

    /** How many bytes the event loop allocates for each request with so many field lines, and as many in the answer. */
    private long perRequest(Socket client, int lines, int count) throws IOException {
        List<String> fields = Collections.nCopies(lines - 1, "X-Field: some value or other");
        backend.always(new Effect.Respond(200, fields, new byte[1024]));
        return perRequest(client, request(lines), count);
    }

    private static byte[] request(int lines) {
        List<String> fields = Collections.nCopies(lines - 1, "X-Field: some value or other");
        return ("GET /1024 HTTP/1.1\r\nHost: app.example\r\n" + String.join("\r\n", fields) + "\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    private long perRequest(Socket client, byte[] request, int count) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        byte[] response = new byte[head(client, request).length() + 1024];
        long before = threads.getThreadAllocatedBytes(loopThread);
        for (int i = 0; i < count; i++) {
            client.getOutputStream().write(request);
            in.readFully(response);
        }
        return (threads.getThreadAllocatedBytes(loopThread) - before) / count;
    }

    /** Sends a request, reads the answer, and returns its head. */
    private static String head(Socket client, byte[] request) throws IOException {
        client.getOutputStream().write(request);
        DataInputStream in = new DataInputStream(client.getInputStream());
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.readUnsignedByte());
        }
        in.readFully(new byte[1024]);
        return head.toString();
    }
}
