package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.StateConfig;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.switching.SeenContainers.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A container that has become a target")
final class SeenContainersTest {

    /** As many as are known at most. */
    private static final int MOST = 2_048;

    @TempDir
    private Path folder;

    private SeenContainers containers;

    @BeforeEach
    void begin() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            lines.add("id" + i + " default green " + target(i));
        }
        Files.write(folder.resolve(StateConfig.SEEN_CONTAINERS), lines);
        containers = read();
    }

    private SeenContainers read() {
        SeenContainers read = new SeenContainers(folder);
        read.read();
        return read;
    }

    private static Target target(int number) {
        return new Target("10.0." + number / 256 + "." + number % 256, 8080);
    }

    private static Seen seen(int number) {
        return new Seen(Service.DEFAULT, Slot.GREEN, target(number));
    }

    /** Else it would become a target again after an operator has taken it out. */
    @Test
    void is_not_forgotten_while_it_runs() {
        containers.run(Set.of("id0", "id2"));
        containers.add("late1", seen(MOST));
        containers.add("late2", seen(MOST + 1));

        for (SeenContainers known : List.of(containers, read())) {
            assertThat(known.of("id0")).contains(seen(0));
            assertThat(known.of("id1")).isEmpty();
            assertThat(known.of("id2")).contains(seen(2));
            assertThat(known.of("id3")).isEmpty();
            assertThat(known.of("id4")).contains(seen(4));
            assertThat(known.of("late2")).contains(seen(MOST + 1));
        }
    }

    @Test
    void is_forgotten_at_an_address_that_it_has_no_more() {
        containers.run(Set.of("id0"));
        containers.add("id0", seen(MOST));

        assertThat(containers.of("id0")).contains(seen(MOST));
        assertThat(containers.hasOther("another", Service.DEFAULT, target(0))).isFalse();
        assertThat(containers.hasOther("another", Service.DEFAULT, target(MOST)))
                .isTrue();
    }
}
