package dev.turnout.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.turnout.fleet.etcd.EtcdClient;
import dev.turnout.fleet.etcd.EtcdSettings;
import dev.turnout.routing.Service;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A member beside an etcd that takes its calls and says nothing")
final class FleetLoopTest {

    private static final long LEASE = 7;

    /** Longer than the test waits for anything. */
    private static final Duration PATIENT_WITH_ETCD = Duration.ofMinutes(10);

    private final HttpServer etcd;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch isRenewing = new CountDownLatch(1);

    @TempDir
    private Path folder;

    FleetLoopTest() throws IOException {
        etcd = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        etcd.createContext("/", call -> {
            if (call.getRequestURI().getPath().equals("/v3/lease/keepalive")) {
                isRenewing.countDown();
            }
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        etcd.setExecutor(threads);
        etcd.start();
    }

    @AfterEach
    void stop() {
        etcd.stop(0);
        threads.shutdownNow();
    }

    private FleetLoop member() throws IOException {
        URI endpoint = URI.create("http://127.0.0.1:" + etcd.getAddress().getPort());
        FleetSettings settings = new FleetSettings(
                new EtcdSettings(List.of(endpoint), Optional.empty(), Optional.empty(), PATIENT_WITH_ETCD),
                "shops",
                "m0",
                "http://127.0.0.1:9000",
                new FlipSettings(true, Duration.ofSeconds(1), Duration.ofSeconds(3), false),
                Optional.empty(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                false);
        EtcdClient client = new EtcdClient(settings.etcd());
        FleetStore store = new FleetStore(client, settings.prefix());
        Presence.Self self = new Presence.Self("f1", "m0", "p1");
        OwnRecords records = new OwnRecords(folder);
        OwnRecords.Content disk = new OwnRecords.Content(
                "f1", "s1", "m0", "c/f1/0", 7, Optional.empty(), new TreeMap<>(), new TreeMap<>(), new TreeSet<>());
        records.begin(disk);
        Presence presence = new Presence(client, store, self, settings.lease(), LEASE);
        return new FleetLoop(settings, store, presence, self, records, disk, new NoTraffic(), Clock.systemUTC());
    }

    @Test
    @DisplayName("lets go of what it keeps when the time is over, although its lease is being renewed")
    void times_end_although_etcd_is_silent() throws Exception {
        FleetLoop member = member();
        member.start();
        try {
            assertThat(isRenewing.await(1, TimeUnit.MINUTES)).isTrue();
            CountDownLatch isOver = new CountDownLatch(1);
            member.after(Duration.ofMillis(10), isOver::countDown);

            assertThat(isOver.await(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            member.stop();
        }
    }

    /** A member without services. */
    private static final class NoTraffic implements FleetTraffic {

        @Override
        public Map<String, Service> services() {
            return Map.of();
        }

        @Override
        public void hold(String service) {}

        @Override
        public long kept(String service) {
            return 0;
        }

        @Override
        public long inFlight(String service) {
            return 0;
        }

        @Override
        public void release(String service) {}

        @Override
        public void publish(Service decided) {}

        @Override
        public JsonObject drain(Service decided) {
            return new JsonObject();
        }

        @Override
        public Optional<JsonObject> seen(String service, long epoch) {
            return Optional.empty();
        }

        @Override
        public String prove(Service next) {
            return "";
        }

        @Override
        public Duration gateTime(String service) {
            return Duration.ZERO;
        }

        @Override
        public Duration drainTime(String service) {
            return Duration.ZERO;
        }

        @Override
        public void heldInDoubt(String service, boolean isHeld) {}

        @Override
        public void told(boolean isTrouble, String sentence) {}
    }
}
