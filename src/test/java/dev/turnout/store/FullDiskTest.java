package dev.turnout.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.SlotReleases;
import dev.turnout.routing.Target;
import dev.turnout.support.Guards;
import dev.turnout.support.SmallDisk;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on a small file system of its own, which is filled up and made read-only. It takes the right to mount. */
final class FullDiskTest {

    private static final RoutingState FIRST = state("first");
    private static final RoutingState SECOND = state("second");

    @TempDir
    Path folder;

    private SmallDisk disk;

    private static RoutingState state(String why) {
        Service service = Service.initial(
                Service.DEFAULT,
                Pool.of(List.of(Target.parse("a:1"))),
                Pool.of(List.of(Target.parse("b:1"))),
                Instant.EPOCH);
        return RoutingState.of(List.of(new Service(
                service.name(),
                service.active(),
                service.previous(),
                service.blue(),
                service.green(),
                Optional.empty(),
                false,
                Optional.empty(),
                1,
                Instant.EPOCH,
                why,
                SlotReleases.NONE)));
    }

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        disk = SmallDisk.over(folder, "64k");
    }

    @AfterEach
    void unmount() {
        disk.close();
    }

    @Test
    @Guards("F10")
    void a_disk_that_fills_up_refuses_the_save_and_serves_again_when_there_is_room() throws IOException {
        try (StateStore store = new StateStore(folder).open()) {
            store.save(FIRST);
            disk.fill();

            assertThatThrownBy(() -> store.save(SECOND))
                    .isInstanceOf(StoreFailed.class)
                    .hasMessageContaining("No space left on device");
            assertThat(store.load()).contains(FIRST);
            assertThat(folder.resolve("state.json.new")).doesNotExist();

            disk.makeRoom();
            store.save(SECOND);
            assertThat(store.load()).contains(SECOND);
        }
    }

    @Test
    @Guards("F10")
    void a_disk_that_became_read_only_refuses_the_save() throws IOException, InterruptedException {
        try (StateStore store = new StateStore(folder).open()) {
            store.save(FIRST);
            // The lock is a file open for writing, which "remount,ro" alone would be refused for.
            disk.coverReadOnly();
            try {
                assertThatThrownBy(() -> store.save(SECOND))
                        .isInstanceOf(StoreFailed.class)
                        .hasMessageContaining("Read-only file system");
                assertThat(store.load()).contains(FIRST);
            } finally {
                disk.uncover();
            }
        }
    }

    @Test
    void a_read_only_folder_is_refused_at_the_start() throws IOException, InterruptedException {
        disk.readOnly();

        assertThatThrownBy(() -> new StateStore(folder).open())
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("Read-only file system");
    }

    @Test
    void a_journal_entry_that_did_not_fit_leaves_nothing_of_itself() throws IOException {
        Journal journal = new Journal(folder).open();
        journal.append(new JsonObject().put("service", "default").put("n", 1));
        disk.fill();

        assertThatThrownBy(() -> journal.append(
                        new JsonObject().put("service", "default").put("n", "x".repeat(10_000))))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("No space left on device");

        disk.makeRoom();
        journal.append(new JsonObject().put("service", "default").put("n", 2));
        assertThat(journal.recent("default", 10).entries())
                .extracting(entry -> entry.getValue("n"))
                .containsExactly(2, 1);
    }
}
