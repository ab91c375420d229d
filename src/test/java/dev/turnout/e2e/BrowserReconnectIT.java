package dev.turnout.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Arrival;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Chromium;
import dev.turnout.support.Effect;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@RequiresProgram(value = "chromium", debianPackage = "chromium")
@DisplayName("A browser's EventSources are back at the new version within half a second")
@Tag("alone")
final class BrowserReconnectIT {

    /** As many as a browser opens to one server without HTTP/2, less one for the page. */
    private static final int SOURCES = 5;

    /** Until the last of them has its place, with 20 ms for each on each of a few event loops. */
    private static final long SPREAD_MILLIS = 500;

    private static final Duration START = Await.PATIENCE;
    private static final String PAGE = "<!doctype html><script>" + "for (let i = 0; i < " + SOURCES
            + "; i++) new EventSource('/events?' + i);</script>";
    private static final String EVENTS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: a\n\n\r\n";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    Path profile;

    /** The page for the browser, and events without an end for its EventSources. */
    private Effect application() {
        BlockingQueue<byte[]> nothing = new LinkedBlockingQueue<>();
        Effect page = new Effect.Respond(200, List.of("Content-Type: text/html"), PAGE.getBytes(US_ASCII));
        Effect events = new Effect.First(List.of(EVENTS), new Effect.Fed(nothing));
        return new Effect.ByPath("/events", events, page);
    }

    private static long streams(Backend backend) {
        return arrivals(backend).size();
    }

    private static List<Arrival> arrivals(Backend backend) {
        return backend.arrivals().stream()
                .filter(arrival -> arrival.head().target().startsWith("/events"))
                .toList();
    }

    @Test
    void every_source_is_back_within_500_ms_of_the_flip() throws Exception {
        Backend blue = arena.backend().always(application());
        Backend green = arena.backend().always(application());
        TurnoutProcess turnout = arena.start(blue, green);
        try (Chromium browser = Chromium.open(profile, turnout.front() + "/page")) {
            Await.until(() -> streams(blue) + " streams; " + browser.log(), START, () -> streams(blue) == SOURCES);
            Instant flipped = Instant.parse(turnout.admin().switchTo("green").getString("switchedAt"));
            Await.until(() -> streams(green) + " streams", START, () -> streams(green) == SOURCES);
            List<Long> backAfter = arrivals(green).stream()
                    .map(arrival -> Duration.between(flipped, wallTime(arrival)).toMillis())
                    .toList();
            System.out.println("EventSources of Chromium back after " + backAfter + " ms");
            assertThat(backAfter).allSatisfy(millis -> assertThat(millis).isLessThan(SPREAD_MILLIS + 500));
        }
    }

    private static Instant wallTime(Arrival arrival) {
        return Instant.now().minusNanos(System.nanoTime() - arrival.nanoTime());
    }
}
