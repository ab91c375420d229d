package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.loop.SparseAllocator;
import dev.turnout.proxy.route.RehearsalSettings;
import dev.turnout.proxy.route.Rehearsals;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An exchange whose request is copied to the idle slot")
final class RehearsedExchangeTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes";

    private final ExchangeFixture fixture = new ExchangeFixture(false, ExchangeFixture.FIRST);
    private final SparseAllocator allocator = new SparseAllocator();
    private final FakeClientStream client = new FakeClientStream(allocator);
    private final Rehearsals rehearsals = new Rehearsals(
            1, 1, Map.of(Service.DEFAULT, new RehearsalSettings(100, List.of(), 1, TimeUnit.MINUTES.toMillis(1))));

    @BeforeEach
    void begin() {
        RequestCopies.begin(fixture.context, rehearsals);
        Exchange exchange = fixture.exchange(client, GET, MessageBody.ofLength(0), null);
        exchange.start(Service.DEFAULT, fixture.affinity(GET));
    }

    private long inFlightAtIdle() {
        return fixture.routing.upstreams().stream()
                .filter(target -> target.slot() == Slot.GREEN)
                .mapToLong(TargetState::inFlight)
                .sum();
    }

    private void assertAnswered() {
        fixture.answered(ANSWER);
        assertThat(client.ends).containsExactly("complete");
        assertThat(fixture.inFlight()).isZero();
    }

    @Test
    void is_in_flight_at_both_slots() {
        fixture.connected();

        assertThat(inFlightAtIdle()).isOne();
        fixture.targets.open().end();
        assertThat(inFlightAtIdle()).isZero();
        assertAnswered();
    }

    @Test
    void goes_on_without_the_copy_if_there_is_no_memory_for_it() {
        allocator.setOut(true);
        fixture.connected();
        allocator.setOut(false);

        assertThat(inFlightAtIdle()).isZero();
        assertThat(rehearsals.enter()).as("the place of the copy").isTrue();
        assertThat(rehearsals.figures(Service.DEFAULT).dropped()).isOne();
        assertAnswered();
    }

    @Test
    void goes_on_without_the_copy_if_there_is_no_memory_to_send_it() {
        fixture.targets.idle.add(new FakeTargetStream());
        fixture.targets.idle.getFirst().hasNoMemory = true;
        fixture.connected();

        assertThat(inFlightAtIdle()).isZero();
        assertThat(rehearsals.enter()).as("the place of the copy").isTrue();
        assertThat(rehearsals.figures(Service.DEFAULT).dropped()).isOne();
        assertAnswered();
    }
}
