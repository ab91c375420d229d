import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.AbstractInteropTest;
import io.grpc.testing.integration.Messages.ResponseParameters;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * A gRPC client or server in a process of its own. It goes on until its input ends, and a client says then what came of its
 * calls.
 *
 * <ul>
 *   <li>{@code server PLAIN_PORT TLS_PORT CERTIFICATE KEY}: the server of the cases, with gRPC's own health service. Lines of
 *       its input say how it goes on: {@code health STATUS} of its health service, {@code refuse STATUS} for every call
 *       before a message, {@code fail STATUS} behind the messages of every call, {@code hold} calls until the next line,
 *       {@code serve} them as ever, {@code restart} its ports.
 *   <li>{@code cases CA PLACE...}: the interoperability cases one after another. Each place is called in turn on a
 *       channel that stays and on a new one, all places at once.
 *   <li>{@code streams CA COUNT PLACE}: bidirectional calls that talk all the time, and that begin again after a status that
 *       allows it.
 *   <li>{@code calls CA COUNT}: so many callers of one short call after another. Lines of its input are {@code call PLACE},
 *       {@code rest}, or any other, such as a name for what was before. It says at each what has come of the calls since
 *       the line before: slot, status and cause.
 * </ul>
 *
 * <p>A server and calls say each line of their input again when it is done. A place is {@code plain|tls:HOST:PORT}, at 127.0.0.1.
 */
public final class GrpcInterop {

    private static final int MAX_MESSAGE = 16 * 1024 * 1024;
    private static final int CHANNELS = 5;
    private static final long PATIENCE_MILLIS = 15_000;

    private GrpcInterop() {}

    public static void main(String... args) throws Exception {
        List<String> rest = List.of(args).subList(2, args.length);
        switch (args[0]) {
            case "server" -> server(Integer.parseInt(args[1]), Integer.parseInt(rest.get(0)), rest.get(1), rest.get(2));
            case "cases" -> cases(rest.stream().map(place -> Place.of(place, args[1])).toList());
            case "streams" -> streams(Place.of(rest.get(1), args[1]), Integer.parseInt(rest.get(0)));
            case "calls" -> calls(args[1], Integer.parseInt(rest.get(0)));
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.exit(0);
    }

    /** Whom a client calls, and whose certificates it trusts. */
    private record Place(String name, boolean isSecure, String host, int port, File ca) {

        static Place of(String text, String ca) {
            String[] parts = text.split(":");
            return new Place(
                    parts[0] + ":" + parts[1],
                    parts[0].equals("tls"),
                    parts[1],
                    Integer.parseInt(parts[2]),
                    new File(ca));
        }

        ManagedChannel open() {
            NettyChannelBuilder builder = NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .overrideAuthority(host)
                    .maxInboundMessageSize(MAX_MESSAGE);
            if (!isSecure) {
                return builder.negotiationType(NegotiationType.PLAINTEXT).build();
            }
            try {
                return builder.sslContext(
                                GrpcSslContexts.forClient().trustManager(ca).build())
                        .build();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void awaitEndOfInput() throws IOException {
        System.in.transferTo(OutputStream.nullOutputStream());
    }

    private interface Order {
        void obey(String line) throws Exception;
    }

    private static void obeyInput(Order order) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            order.obey(line);
            System.out.println("done " + line);
        }
    }

    // ---- Server

    private static void server(int plainPort, int securePort, String certificate, String key) throws Exception {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        HealthStatusManager health = new HealthStatusManager();
        Manners manners = new Manners();
        List<Server> servers = new ArrayList<>();
        Order start = line -> {
            servers.clear();
            servers.add(start(NettyServerBuilder.forPort(plainPort), executor, health, manners));
            servers.add(start(
                    NettyServerBuilder.forPort(securePort).useTransportSecurity(new File(certificate), new File(key)),
                    executor,
                    health,
                    manners));
        };
        start.obey("start");
        System.out.println("ready");
        obeyInput(line -> {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "health" -> health.setStatus(
                        HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.valueOf(words[1]));
                case "restart" -> {
                    for (Server server : servers) {
                        server.shutdownNow().awaitTermination();
                    }
                    start.obey(line);
                }
                default -> manners.are(words);
            }
        });
    }

    private static Server start(
            NettyServerBuilder builder,
            ScheduledExecutorService executor,
            HealthStatusManager health,
            Manners manners)
            throws IOException {
        return builder.addService(ServerInterceptors.intercept(
                        ServerInterceptors.intercept(new TestServiceImpl(executor), TestServiceImpl.interceptors()),
                        manners))
                .addService(health.getHealthService())
                .maxInboundMessageSize(MAX_MESSAGE)
                .build()
                .start();
    }

    /** How a server takes calls, until it is told otherwise. */
    private static final class Manners implements ServerInterceptor {

        private volatile Status refused = Status.OK;
        private volatile Status failed = Status.OK;
        private volatile CountDownLatch held = new CountDownLatch(0);

        void are(String... words) {
            Status status = words.length < 2
                    ? Status.OK
                    : Status.Code.valueOf(words[1]).toStatus().withDescription("as told");
            CountDownLatch before = held;
            refused = words[0].equals("refuse") ? status : Status.OK;
            failed = words[0].equals("fail") ? status : Status.OK;
            held = new CountDownLatch(words[0].equals("hold") ? 1 : 0);
            before.countDown();
        }

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (!refused.isOk()) {
                call.close(refused, new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return next.startCall(
                    new SimpleForwardingServerCall<>(call) {
                        @Override
                        public void close(Status status, Metadata trailers) {
                            super.close(failed.isOk() ? status : failed, trailers);
                        }
                    },
                    headers);
        }
    }

    // ---- Cases

    private interface Case {
        void run(AbstractInteropTest test) throws Exception;
    }

    /** The names of gRPC's own description of its interoperability tests. */
    private static Map<String, Case> named() {
        Map<String, Case> cases = new LinkedHashMap<>();
        cases.put("empty_unary", AbstractInteropTest::emptyUnary);
        cases.put("large_unary", AbstractInteropTest::largeUnary);
        cases.put("client_streaming", AbstractInteropTest::clientStreaming);
        cases.put("server_streaming", AbstractInteropTest::serverStreaming);
        cases.put("ping_pong", AbstractInteropTest::pingPong);
        cases.put("empty_stream", AbstractInteropTest::emptyStream);
        cases.put("cancel_after_begin", AbstractInteropTest::cancelAfterBegin);
        cases.put("cancel_after_first_response", AbstractInteropTest::cancelAfterFirstResponse);
        cases.put("timeout_on_sleeping_server", AbstractInteropTest::timeoutOnSleepingServer);
        cases.put("status_code_and_message", AbstractInteropTest::statusCodeAndMessage);
        cases.put("special_status_message", AbstractInteropTest::specialStatusMessage);
        cases.put("unimplemented_method", AbstractInteropTest::unimplementedMethod);
        cases.put("custom_metadata", AbstractInteropTest::customMetadata);
        return cases;
    }

    /** For one case: it keeps a record of the calls that it has made. */
    private static final class Interop extends AbstractInteropTest {

        private final ManagedChannel own;

        Interop(ManagedChannel own) {
            this.own = own;
            setUp();
        }

        @Override
        protected ManagedChannel createChannel() {
            return own;
        }

        @Override
        protected ManagedChannelBuilder<?> createChannelBuilder() {
            throw new UnsupportedOperationException("its channel is given");
        }

        @Override
        protected boolean metricsExpected() {
            return false;
        }
    }

    private static volatile boolean stopping;

    private static void cases(List<Place> places) throws Exception {
        Map<String, LongAdder> results = new ConcurrentSkipListMap<>();
        CountDownLatch first = new CountDownLatch(places.size());
        List<Thread> threads = new ArrayList<>();
        places.forEach(place -> threads.add(new Thread(() -> rounds(place, results, first))));
        threads.forEach(Thread::start);
        first.await();
        System.out.println("ready");
        awaitEndOfInput();
        stopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
        results.forEach((name, count) -> System.out.println(name + " x " + count));
    }

    private static void rounds(Place place, Map<String, LongAdder> results, CountDownLatch first) {
        ManagedChannel kept = place.open();
        while (!stopping) {
            ManagedChannel fresh = place.open();
            round(place, kept, results);
            round(place, fresh, results);
            fresh.shutdown();
            first.countDown();
        }
    }

    private static void round(Place place, ManagedChannel channel, Map<String, LongAdder> results) {
        named().forEach((name, one) -> {
            String which = place.name() + " " + name;
            try {
                one.run(new Interop(channel));
                count(results, "passed " + which);
            } catch (Exception | AssertionError e) {
                String reason = String.valueOf(e).replaceAll("\\s+", " ");
                count(results, "failed " + which + " " + reason.substring(0, Math.min(reason.length(), 300)));
            }
        });
    }

    private static void count(Map<String, LongAdder> counts, String name) {
        counts.computeIfAbsent(name, key -> new LongAdder()).increment();
    }

    // ---- Streams

    /** A call that talks; after a status that says that it may be tried again, the next. */
    private static final class Talk implements StreamObserver<StreamingOutputCallResponse> {

        private static final Metadata.Key<String> CAUSE =
                Metadata.Key.of("x-turnout", Metadata.ASCII_STRING_MARSHALLER);
        private static final StreamingOutputCallRequest ONE = StreamingOutputCallRequest.newBuilder()
                .addResponseParameters(ResponseParameters.newBuilder().setSize(100))
                .build();

        private final TestServiceGrpc.TestServiceStub stub;
        private final ScheduledExecutorService pace;
        private final Map<String, LongAdder> ended;
        private final AtomicInteger answered = new AtomicInteger();
        private StreamObserver<StreamingOutputCallRequest> request;
        private boolean finishing;
        private volatile boolean done;

        Talk(ManagedChannel channel, ScheduledExecutorService pace, Map<String, LongAdder> ended) {
            this.stub = TestServiceGrpc.newStub(channel);
            this.pace = pace;
            this.ended = ended;
        }

        synchronized void begin() {
            request = stub.fullDuplexCall(this);
            request.onNext(ONE);
        }

        synchronized void ask() {
            if (!finishing && !done) {
                request.onNext(ONE);
            }
        }

        synchronized void finish() {
            finishing = true;
            request.onCompleted();
        }

        @Override
        public void onNext(StreamingOutputCallResponse response) {
            answered.incrementAndGet();
            pace.schedule(this::ask, 100, TimeUnit.MILLISECONDS);
        }

        @Override
        public synchronized void onError(Throwable error) {
            Status status = Status.fromThrowable(error);
            Metadata trailers = Status.trailersFromThrowable(error);
            String cause = trailers == null ? null : trailers.get(CAUSE);
            count(
                    ended,
                    status.getCode() + " " + cause + " "
                            + String.valueOf(status.getDescription()).replaceAll("\\s+", " "));
            if (status.getCode() == Status.Code.UNAVAILABLE && !finishing) {
                // As clients do by a retry policy, after a moment.
                pace.schedule(this::begin, 50, TimeUnit.MILLISECONDS);
            } else {
                done = true;
            }
        }

        @Override
        public void onCompleted() {
            if (!finishing) {
                count(ended, "OK before its end");
            }
            done = true;
        }
    }

    private static void streams(Place place, int count) throws Exception {
        ScheduledExecutorService pace = Executors.newScheduledThreadPool(1);
        Map<String, LongAdder> ended = new ConcurrentSkipListMap<>();
        List<Talk> talks = new ArrayList<>();
        for (int c = 0; c < CHANNELS; c++) {
            ManagedChannel channel = place.open();
            for (int i = c; i < count; i += CHANNELS) {
                talks.add(new Talk(channel, pace, ended));
            }
        }
        talks.forEach(Talk::begin);
        await(talks, talk -> talk.answered.get() > 0);
        System.out.println("ready");
        awaitEndOfInput();
        // Each is heard once more: what was cut silently is not.
        Map<Talk, Integer> before = new LinkedHashMap<>();
        talks.forEach(talk -> before.put(talk, talk.answered.get()));
        await(talks, talk -> talk.done || talk.answered.get() > before.get(talk));
        long silent = talks.stream().filter(talk -> !talk.done && talk.answered.get() == before.get(talk)).count();
        long lost = talks.stream().filter(talk -> talk.done).count();
        talks.stream().filter(talk -> !talk.done).forEach(Talk::finish);
        await(talks, talk -> talk.done);
        long unfinished = talks.stream().filter(talk -> !talk.done).count();
        System.out.println("talks " + count + " silent " + silent + " lost " + lost + " unfinished " + unfinished);
        ended.forEach((status, times) -> System.out.println("status " + status + " x " + times));
    }

    private static void await(List<Talk> talks, Predicate<Talk> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (!talks.stream().allMatch(condition) && System.nanoTime() < end) {
            Thread.sleep(10);
        }
    }

    // ---- Calls

    /** What has come of calls. */
    private static final class Tally {

        private Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

        synchronized void add(String name) {
            count(counts, name);
        }

        /** Says what has come since the last time. */
        synchronized void say() {
            counts.forEach((name, count) -> System.out.println("calls " + name + " x " + count));
            counts = new ConcurrentSkipListMap<>();
        }
    }

    private static void calls(String ca, int count) throws Exception {
        Tally tally = new Tally();
        List<Caller> callers = new ArrayList<>();
        System.out.println("ready");
        obeyInput(line -> {
            if (line.equals("rest")) {
                for (Caller caller : callers) {
                    caller.rest();
                }
                callers.clear();
            }
            tally.say();
            if (line.startsWith("call ")) {
                Place place = Place.of(line.substring("call ".length()), ca);
                for (int i = 0; i < count; i++) {
                    callers.add(new Caller(place, tally));
                }
                callers.forEach(Thread::start);
            }
        });
    }

    /** Makes one call after another over a connection of its own, as a client on a machine of its own. */
    private static final class Caller extends Thread {

        private static final Metadata.Key<String> SLOT =
                Metadata.Key.of("x-turnout-slot", Metadata.ASCII_STRING_MARSHALLER);

        private final ManagedChannel channel;
        private final Tally tally;
        private volatile boolean resting;

        Caller(Place place, Tally tally) {
            this.channel = place.open();
            this.tally = tally;
        }

        void rest() throws InterruptedException {
            resting = true;
            join();
            channel.shutdown();
        }

        @Override
        public void run() {
            AtomicReference<Metadata> head = new AtomicReference<>();
            TestServiceGrpc.TestServiceBlockingStub stub = TestServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(head, new AtomicReference<>()));
            while (!resting) {
                head.set(null);
                Status.Code code = Status.Code.OK;
                Metadata end = null;
                try {
                    stub.withDeadlineAfter(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                            .unaryCall(SimpleRequest.getDefaultInstance());
                } catch (StatusRuntimeException e) {
                    code = e.getStatus().getCode();
                    end = e.getTrailers();
                }
                Metadata start = head.get() == null ? end : head.get();
                tally.add(of(start, SLOT) + " " + code + " " + of(end, Talk.CAUSE));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    private static String of(Metadata lines, Metadata.Key<String> name) {
        String value = lines == null ? null : lines.get(name);
        return value == null ? "-" : value;
    }
}
