package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;

/** What a Turnout holds at rest, to be held against what it holds after all that tests have done to it. */
final class Footprint {

    private static final int CLIENTS = 16;

    private final TurnoutProcess turnout;
    private final long sockets;

    private Footprint(TurnoutProcess turnout) {
        this.turnout = turnout;
        inFlight();
        // The first order to the JVM makes it open a socket for orders.
        turnout.collectGarbage();
        this.sockets = turnout.trafficSockets();
    }

    /** Of a Turnout that has just started. */
    static Footprint of(TurnoutProcess turnout) {
        return new Footprint(turnout);
    }

    /** Fails unless nothing is in flight, no more sockets are open than at first, and no buffer has been lost. */
    void assertRegained() throws IOException {
        Await.until("nothing in flight", () -> inFlight() == 0);
        Await.until(
                () -> "no more than " + sockets + " sockets, instead of " + turnout.trafficSockets(),
                () -> turnout.trafficSockets() <= sockets);
        turnout.collectGarbage();
        // Netty tells of a lost buffer when it hands out the next one, on any event loop.
        for (int i = 0; i < CLIENTS; i++) {
            try (RawClient client = turnout.connect()) {
                client.get("/").read();
            }
        }
        assertThat(turnout.log()).doesNotContain("LEAK:").doesNotContain("fault of Turnout's own");
    }

    private long inFlight() {
        JsonObject slots = turnout.admin().status().getJsonObject("slots");
        return slots.fieldNames().stream()
                .flatMap(slot -> slots.getJsonObject(slot).getJsonArray("targets").stream())
                .mapToLong(target -> ((JsonObject) target).getLong("inFlight"))
                .sum();
    }
}
