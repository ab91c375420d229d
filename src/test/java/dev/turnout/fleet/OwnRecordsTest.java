package dev.turnout.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.fleet.decision.FleetAction.Armed;
import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.etcd.Header;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What a member has on its disk of the fleet")
final class OwnRecordsTest {

    private static final Decision DECISION = new Decision(
            Service.initial(
                    "shop",
                    Pool.of(List.of(Target.parse("127.0.0.1:8081"))),
                    Pool.of(List.of(Target.parse("127.0.0.1:8082"))),
                    Instant.parse("2026-11-27T12:00:00Z")),
            "c1");

    @TempDir
    private Path folder;

    @Test
    @DisplayName("A Turnout that was in no fleet has none")
    void none() throws IOException {
        assertThat(new OwnRecords(folder).load()).isEmpty();
    }

    @Test
    @DisplayName("A vote is there after a restart, with the revision that was seen last")
    void a_vote_is_kept() throws IOException {
        OwnRecords records = new OwnRecords(folder);
        records.begin(new OwnRecords.Content(
                "f1",
                "s1",
                "m0",
                "c/f1/0",
                7,
                Optional.empty(),
                new TreeMap<>(Map.of("m1", "http://10.0.0.2:9180")),
                new TreeMap<>(),
                new TreeSet<>()));
        OwnRecord armed = new OwnRecord(DECISION, new Armed("c2", true));
        records.put("shop", armed, 9);

        OwnRecords.Content read = new OwnRecords(folder).load().orElseThrow();

        assertThat(read.services()).containsOnlyKeys("shop").containsValue(armed);
        assertThat(read.revision()).isEqualTo(9);
        assertThat(read.life()).isEqualTo("c/f1/0");
        assertThat(read.recovery()).isEmpty();

        records.believe("d/f1/1", "recover-1", 11);
        OwnRecords.Content later = new OwnRecords(folder).load().orElseThrow();
        assertThat(later.life()).isEqualTo("d/f1/1");
        assertThat(later.recovery()).contains("recover-1");
        assertThat(later.revision()).isEqualTo(11);
        assertThat(later.services()).isEqualTo(read.services());
    }

    @Test
    @DisplayName("A file that is not understood is no empty one")
    void a_broken_file() throws IOException {
        Files.writeString(folder.resolve(OwnRecords.FILE), "{\"format\":1}");

        assertThatThrownBy(() -> new OwnRecords(folder).load())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(OwnRecords.FILE)
                .hasMessageContaining("'services' is missing");
    }

    @Test
    @DisplayName("After leaving nothing is left, and nothing can be recorded")
    void leaving() throws IOException {
        OwnRecords records = new OwnRecords(folder);
        records.begin(new OwnRecords.Content(
                "f1",
                "s1",
                "m0",
                "c/f1/0",
                7,
                Optional.empty(),
                new TreeMap<>(Map.of("m1", "http://10.0.0.2:9180")),
                new TreeMap<>(),
                new TreeSet<>()));

        records.end();

        assertThat(records.content()).isEqualTo(Optional.empty());
        assertThatThrownBy(() -> records.put("shop", new OwnRecord(DECISION, null), 9))
                .isInstanceOf(IOException.class);
        assertThat(new OwnRecords(folder).load()).isEmpty();
    }

    @Test
    @DisplayName("A revision that goes back is another life of the store, also after a restart")
    void lives() {
        Lives lives = new Lives("c/f1/0", 7);

        assertThat(lives.of(read(7))).isEqualTo("c/f1/0");
        assertThat(lives.of(read(9))).isEqualTo("c/f1/0");
        assertThat(lives.of(read(8))).isEqualTo("c/f1/1");
        assertThat(lives.of(read(20))).isEqualTo("c/f1/1");
        assertThat(new Lives("c/f1/0", 9).of(read(8))).isEqualTo("c/f1/1");
    }

    private static FleetStore.Read read(long revision) {
        return new FleetStore.Read(new Header("c", revision), Optional.of("f1"), Optional.of("s1"), new TreeMap<>());
    }
}
