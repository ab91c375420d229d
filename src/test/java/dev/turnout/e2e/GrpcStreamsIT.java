package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Http2Client;
import dev.turnout.support.Ports;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.Rounds;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Calls of gRPC that stream without an end, at a server of Node's")
@RequiresProgram(value = "node", debianPackage = "nodejs")
final class GrpcStreamsIT {

    private static final int CALLS_PER_CLIENT = 10;
    private static final int MESSAGE = 25;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Process> servers = new ArrayList<>();
    private TurnoutProcess turnout;

    @BeforeEach
    void start() throws IOException {
        turnout = arena.start(TurnoutProcess.with()
                .set("turnout.blue", server("blue"))
                .set("turnout.green", server("green"))
                .set("turnout.protocol", "h2c")
                .set("turnout.health.deadline", "5s")
                .set("turnout.drain.timeout", "5s"));
    }

    private String server(String version) throws IOException {
        int port = Ports.next();
        Path said = folder.resolve(version + ".txt");
        servers.add(new ProcessBuilder(
                        "node",
                        Path.of("src/test/resources/grpc_stream.js")
                                .toAbsolutePath()
                                .toString(),
                        Integer.toString(port),
                        version)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start());
        Await.until("Node listens", () -> read(said).contains("listening"));
        return "127.0.0.1:" + port;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        for (Process server : servers) {
            server.destroy();
            server.waitFor();
        }
    }

    /** One client with its calls. What comes for them is read by one thread at a time. */
    private final class Caller implements AutoCloseable {

        private final Http2Client client;
        private int next = 1;

        Caller() throws IOException {
            client = Http2Client.to(turnout.front().getPort());
            client.open(0, 1 << 30);
        }

        int call() throws IOException {
            int stream = next;
            next += 2;
            client.request(stream, "POST", "/stock.Ticker/Watch", true, "content-type=application/grpc", "te=trailers");
            return stream;
        }

        void callAndAwait() throws IOException {
            for (int i = 0; i < CALLS_PER_CLIENT; i++) {
                call();
            }
            while (served("blue") < CALLS_PER_CLIENT) {
                client.read();
            }
        }

        private long served(String version) {
            long count = 0;
            for (int stream = 1; stream < next; stream += 2) {
                List<String> heads = client.on(stream).heads();
                boolean hasMessage = client.on(stream).body().length() >= MESSAGE;
                count +=
                        !heads.isEmpty() && heads.get(0).contains("x-version: " + version + "\n") && hasMessage ? 1 : 0;
            }
            return count;
        }

        /** Reads on, and calls again for each call that ends, until all have got messages of the new version. */
        List<String> callAgain() {
            List<String> ends = new ArrayList<>();
            try {
                while (ends.size() < CALLS_PER_CLIENT || served("green") < CALLS_PER_CLIENT) {
                    Http2Client.Frame frame = client.read();
                    Http2Client.Answer answer = client.on(frame.stream());
                    if (frame.stream() > 0 && frame.type() == Http2Client.RST_STREAM) {
                        ends.add("reset by " + answer.reset());
                        call();
                    } else if (frame.stream() > 0 && answer.isEnded() && frame.type() != Http2Client.WINDOW_UPDATE) {
                        boolean isWhole = answer.body().length() % MESSAGE == 0;
                        List<String> heads = answer.heads();
                        ends.add((isWhole ? "" : "within a message: ") + heads.get(heads.size() - 1));
                        call();
                    }
                }
                return ends;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    @Test
    @DisplayName("end at a flip with a status that their clients call again for, and none is lost")
    void no_call_is_lost() throws Exception {
        int count = Rounds.of(50, 500);
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < count / CALLS_PER_CLIENT; i++) {
            Caller caller = new Caller();
            callers.add(caller);
            caller.callAndAwait();
        }
        List<CompletableFuture<List<String>>> ends = callers.stream()
                .map(caller -> CompletableFuture.supplyAsync(caller::callAgain, threads))
                .toList();

        JsonObject receipt = turnout.admin().switchTo("green");

        List<String> all = new ArrayList<>();
        ends.forEach(each -> all.addAll(each.join()));
        assertThat(all).hasSize(count).allSatisfy(end -> assertThat(end)
                .startsWith("grpc-status: 14\n")
                .contains("x-turnout: drained\n"));
        JsonObject drain = receipt.getJsonObject("drain");
        assertThat(drain.getBoolean("drained")).as(receipt.encodePrettily()).isTrue();
        assertThat(drain.getInteger("streamsEnded")).isEqualTo(count);
        assertThat(drain.getInteger("cutCount")).isZero();
        for (Caller caller : callers) {
            caller.close();
        }
    }
}
