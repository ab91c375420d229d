package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.FoundContainer;
import dev.turnout.routing.FoundContainer.Place;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.switching.SeenContainers.Seen;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A container of shop, slot green, has an address that may be another container's target")
final class TakenAddressTest {

    private static final Target ADDRESS = Target.parse("10.0.0.7:8080");
    private static final Target ELSEWHERE = Target.parse("10.0.0.8:8080");

    @TempDir
    Path folder;

    /** The place of the target, who has become a target with this address at which service, and the place that is taken. */
    @ParameterizedTest(name = "target of {0}; seen there: {1}; taken: {2}")
    @CsvSource({
        "nowhere,    nobody,          -",
        "nowhere,    itself at shop,  -",
        "nowhere,    other at shop,   -",
        "nowhere,    other at wiki,   -",
        "shop green, nobody,          -",
        "shop green, itself at shop,  -",
        "shop green, other at shop,   -",
        "shop green, other at wiki,   -",
        "shop blue,  nobody,          -",
        "shop blue,  itself at shop,  -",
        "shop blue,  other at shop,   shop blue",
        "shop blue,  other at wiki,   -",
        "wiki green, nobody,          -",
        "wiki green, itself at shop,  -",
        "wiki green, other at shop,   -",
        "wiki green, other at wiki,   wiki green",
        "wiki blue,  nobody,          -",
        "wiki blue,  itself at shop,  -",
        "wiki blue,  other at shop,   -",
        "wiki blue,  other at wiki,   wiki blue"
    })
    void the_place_is_taken_if_another_container_had_it_there(String at, String who, String taken) {
        SeenContainers seen = new SeenContainers(folder);
        if (!who.equals("nobody")) {
            String[] words = who.split(" at ");
            seen.add(words[0], new Seen(words[1], Slot.BLUE, ADDRESS));
        }

        assertThat(taken(at, seen)
                        .map(place -> place.service() + " " + place.slot())
                        .orElse("-"))
                .isEqualTo(taken);
    }

    @Test
    void a_target_that_a_container_had_before_its_newest_address_counts_too_also_after_a_restart() {
        SeenContainers before = new SeenContainers(folder);
        before.add("other", new Seen("wiki", Slot.BLUE, ADDRESS));
        before.add("other", new Seen("wiki", Slot.BLUE, ELSEWHERE));
        SeenContainers seen = new SeenContainers(folder);
        seen.read();

        assertThat(seen.of("other").map(Seen::target)).contains(ELSEWHERE);
        assertThat(taken("wiki blue", seen)).isPresent();
    }

    @Test
    void the_reason_names_the_place() {
        assertThat(new TakenAddress("shop", Slot.BLUE).reason(container(), ADDRESS))
                .isEqualTo(
                        "its address 10.0.0.7:8080 is a target of slot blue, which another container had: requests of"
                                + " that slot reach this one. Remove that target");
        assertThat(new TakenAddress("wiki", Slot.BLUE).reason(container(), ADDRESS))
                .isEqualTo("its address 10.0.0.7:8080 is a target of slot blue of service wiki, which another container"
                        + " had: requests of that service reach this one. Remove that target");
    }

    private static Optional<TakenAddress> taken(String at, SeenContainers seen) {
        RoutingState state = RoutingState.of(List.of(service("shop", at), service("wiki", at)));
        return TakenAddress.of(container(), ADDRESS, Slot.GREEN, state, seen);
    }

    private static FoundContainer container() {
        return new FoundContainer("itself", "itself", "shop", Place.GREEN, Optional.of(ADDRESS), Optional.empty());
    }

    private static Service service(String name, String at) {
        return Service.initial(name, pool(name + " blue", at, 1), pool(name + " green", at, 2), Instant.EPOCH);
    }

    private static Pool pool(String place, String at, int number) {
        Target own = Target.parse("127.0.0.1:" + number);
        return Pool.of(place.equals(at) ? List.of(own, ADDRESS) : List.of(own));
    }
}
