package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The client of Turnout's own calls")
final class CallClientTest {

    /** The system gives no thread for a while. */
    @Test
    void sends_during_a_shortage_of_threads_and_after_it() throws Exception {
        AtomicBoolean isShort = new AtomicBoolean();
        AtomicInteger refused = new AtomicInteger();
        ThreadFactory threads = task -> {
            if (isShort.get()) {
                refused.incrementAndGet();
                throw new OutOfMemoryError("unable to create native thread");
            }
            return DaemonThread.of("test-calls", task);
        };
        try (Backend receiver = Backend.start()) {
            receiver.always(Effect.ok("taken"));
            CallClient client = new CallClient(Await.PATIENCE, Optional.empty(), threads);
            isShort.set(true);
            assertThat(call(client, receiver)).isEqualTo("taken");
            assertThat(refused).hasPositiveValue();

            isShort.set(false);
            assertThat(call(client, receiver)).isEqualTo("taken");
            client.release();
            assertThat(call(client, receiver)).isEqualTo("taken");
        }
    }

    private static String call(CallClient client, Backend receiver) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + receiver.address() + "/message"))
                .build();
        return client.send(request, BodyHandlers.ofString())
                .get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .body();
    }
}
