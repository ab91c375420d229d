package dev.turnout.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.routing.Canary;
import dev.turnout.routing.Command;
import dev.turnout.routing.GivenTargets;
import dev.turnout.routing.Maintenance;
import dev.turnout.routing.MaintenanceTerms;
import dev.turnout.routing.Outcome;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.SlotRelease;
import dev.turnout.routing.SlotReleases;
import dev.turnout.routing.Target;
import dev.turnout.routing.Transition;
import dev.turnout.support.Guards;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class StateStoreTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901234Z");

    private static final RoutingState FIRST = RoutingState.of(List.of(Service.initial(
            Service.DEFAULT,
            Pool.of(List.of(Target.parse("127.0.0.1:8080"))),
            Pool.of(List.of(Target.parse("127.0.0.1:8082"))),
            NOW)));

    /** A value in every member, so that a lost one is seen. */
    private static final RoutingState RICH = RoutingState.of(List.of(
            new Service(
                    "default",
                    Slot.GREEN,
                    Optional.of(Slot.BLUE),
                    Pool.of(List.of(
                            Target.parse("127.0.0.1:8080"),
                            Target.parse("[::1]:8081"),
                            Target.parse("unix:/run/app.sock"),
                            Target.parse("https://app.example:8443"))),
                    new Pool(
                            List.of(Target.parse("app-1.example:1"), Target.parse("app-2.example:65535")),
                            Set.of(Target.parse("app-2.example:65535")),
                            Optional.of(new GivenTargets(
                                    List.of(Target.parse("app-3.example:80")),
                                    Map.of(Target.parse("app-1.example:1"), Duration.ofSeconds(30))))),
                    Optional.of(new Canary(25, "0123456789abcdef".repeat(2))),
                    false,
                    Optional.empty(),
                    Long.MAX_VALUE,
                    NOW,
                    "switch to green: \"릴리스\" \\ 42\n\u0000\ud83d\ude80",
                    new SlotReleases(
                            Optional.of(new SlotRelease(Optional.empty(), "127.0.0.1 (curl)", NOW, Optional.empty())),
                            Optional.of(new SlotRelease(
                                    Optional.of("1.4.2"), "민지", Instant.EPOCH, Optional.of("이전 버전의 결제 오류를 고침"))))),
            new Service(
                    "shop",
                    Slot.BLUE,
                    Optional.empty(),
                    Pool.of(List.of(Target.parse("a:1"))),
                    Pool.of(List.of(Target.parse("b:1"))),
                    Optional.empty(),
                    true,
                    Optional.of(new Maintenance(
                            new MaintenanceTerms(
                                    Optional.of("<b>점검</b> \"중\""),
                                    List.of("10.0.0.0/8", "2001:db8::/32"),
                                    Duration.ofMinutes(90)),
                            NOW)),
                    7,
                    Instant.EPOCH,
                    "",
                    SlotReleases.NONE)));

    @TempDir
    Path folder;

    private Path file;
    private StateStore store;

    @BeforeEach
    void open() {
        file = folder.resolve("state.json");
        store = new StateStore(folder).open();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void before_the_first_save_there_is_no_state() {
        assertThat(store.load()).isEmpty();
    }

    @Test
    void what_was_saved_is_loaded_with_every_member() {
        store.save(RICH);

        assertThat(store.load()).contains(RICH);
    }

    @Test
    void the_last_save_wins() {
        store.save(RICH);
        store.save(FIRST);

        assertThat(store.load()).contains(FIRST);
    }

    @Test
    void the_folder_is_made_with_those_above_it() {
        try (StateStore deep = new StateStore(folder.resolve("a/b")).open()) {
            deep.save(FIRST);
        }

        assertThat(folder.resolve("a/b/state.json")).exists();
    }

    @Test
    void a_file_where_the_folder_should_be_is_said() throws IOException {
        Path inTheWay = Files.createFile(folder.resolve("in-the-way"));

        assertThatThrownBy(() -> new StateStore(inTheWay).open())
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining(inTheWay.toString())
                .hasMessageContaining("is a file");
    }

    @Test
    void a_folder_in_use_is_refused_with_what_to_do() {
        assertThatThrownBy(() -> new StateStore(folder).open())
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("in use by another Turnout, process "
                        + ProcessHandle.current().pid())
                .hasMessageContaining("turnout.state.directory");
    }

    @Test
    void a_closed_store_leaves_its_folder_to_the_next() {
        store.save(FIRST);
        store.close();

        store = new StateStore(folder).open();

        assertThat(store.load()).contains(FIRST);
    }

    @Test
    void a_folder_that_was_released_takes_no_state_until_it_is_reclaimed() {
        store.save(FIRST);
        store.release();
        try (StateStore successor = new StateStore(folder).open()) {
            assertThatExceptionOfType(StoreFailed.class)
                    .isThrownBy(() -> store.save(RICH))
                    .withMessageContaining("given to another Turnout");
            assertThatExceptionOfType(StoreFailed.class).isThrownBy(store::reclaim);
            assertThat(successor.load()).contains(FIRST);
        }
        store.reclaim();
        store.save(RICH);
        assertThat(store.load()).contains(RICH);
    }

    @Test
    void what_a_crash_left_beside_the_file_is_ignored_and_removed() throws IOException {
        store.save(FIRST);
        store.close();
        Files.writeString(folder.resolve("state.json.new"), "{\"version\": 1, \"serv");

        store = new StateStore(folder).open();

        assertThat(store.load()).contains(FIRST);
        assertThat(folder.resolve("state.json.new")).doesNotExist();
    }

    /** Whatever a crash or a broken disk makes of the file, it is never half believed. */
    @Test
    @Guards("F9")
    void a_state_file_torn_at_any_byte_is_refused() throws IOException {
        store.save(RICH);
        byte[] whole = Files.readAllBytes(file);

        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatExceptionOfType(StoreFailed.class)
                    .as("the first %d of %d bytes", length, whole.length)
                    .isThrownBy(store::load);
        }
    }

    /** A file system that lost its data blocks but kept the size hands out zeros. */
    @Test
    @Guards("F9")
    void a_state_file_whose_end_is_zeros_is_refused() throws IOException {
        store.save(RICH);
        byte[] whole = Files.readAllBytes(file);

        for (int from = 0; from < whole.length; from++) {
            byte[] zeroed = whole.clone();
            Arrays.fill(zeroed, from, zeroed.length, (byte) 0);
            Files.write(file, zeroed);
            assertThatExceptionOfType(StoreFailed.class)
                    .as("zeros from byte %d", from)
                    .isThrownBy(store::load);
        }
    }

    private static final String GOOD = """
            {"version": 1, "services": {"default": {"active": "blue", "previous": null,
              "blue": {"targets": ["a:1"], "out": []}, "green": {"targets": ["b:1"], "out": []},
              "canaryWeight": 0, "paused": false, "revision": 1, "since": "2026-01-02T03:04:05Z", "why": "test"}}}""";

    @Test
    void a_state_file_that_a_person_has_laid_out_anew_is_read() throws IOException {
        Files.writeString(file, GOOD + "\n");

        assertThat(store.load().orElseThrow().services().get("default").active())
                .isEqualTo(Slot.BLUE);
    }

    static Stream<String> foreign() {
        return Stream.of(
                "null",
                "[]",
                "42",
                "\"state\"",
                "{}",
                "{\"services\": {}}",
                "{\"version\": 1}",
                "not JSON",
                GOOD + GOOD,
                GOOD.replace("1,", "0,"),
                GOOD.replace("\"version\": 1", "\"version\": \"1\""),
                GOOD.replace("\"version\": 1", "\"version\": 1.0"),
                GOOD.replace("\"version\": 1", "\"version\": 1, \"more\": 2"),
                GOOD.replace("\"active\": \"blue\"", "\"active\": \"red\""),
                GOOD.replace("\"active\": \"blue\",", ""),
                GOOD.replace("\"previous\": null,", ""),
                GOOD.replace("\"previous\": null", "\"previous\": 1"),
                GOOD.replace("[\"a:1\"]", "[]"),
                GOOD.replace("[\"a:1\"]", "[\"a\"]"),
                GOOD.replace("[\"a:1\"]", "[\"a:1\", \"a:1\"]"),
                GOOD.replace("[\"a:1\"]", "[1]"),
                GOOD.replace("[\"a:1\"]", "\"a:1\""),
                GOOD.replaceFirst("\"out\": \\[]", "\"out\": [\"b:1\"]"),
                GOOD.replace("\"canaryWeight\": 0", "\"canaryWeight\": 101"),
                GOOD.replace("\"canaryWeight\": 0", "\"canaryWeight\": 4294967296"),
                GOOD.replace("\"canaryWeight\": 0", "\"canaryWeight\": 0.5"),
                GOOD.replace("\"canaryWeight\": 0, \"paused\": false", "\"canaryWeight\": 5, \"paused\": true"),
                GOOD.replace("false", "\"false\""),
                GOOD.replace("\"revision\": 1", "\"revision\": 0"),
                GOOD.replace("\"revision\": 1", "\"revision\": 9223372036854775808"),
                GOOD.replace("2026-01-02T03:04:05Z", "yesterday"),
                GOOD.replace("\"why\": \"test\"", "\"why\": \"test\", \"who\": \"me\""));
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void what_Turnout_did_not_write_is_refused_with_what_to_do(String content) throws IOException {
        Files.writeString(file, content);

        assertThatThrownBy(store::load)
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("move it away to start afresh")
                .hasMessageContaining("slot blue")
                .hasMessageNotContaining("null");
    }

    @Test
    void bytes_that_are_no_text_are_refused() throws IOException {
        Files.write(file, new byte[] {'{', (byte) 0xff, (byte) 0xfe, '}'});

        assertThatThrownBy(store::load).isInstanceOf(StoreFailed.class).hasMessageContaining("not UTF-8");
    }

    @Test
    void a_folder_in_place_of_the_file_is_refused() throws IOException {
        Files.createDirectory(file);

        assertThatThrownBy(store::load).isInstanceOf(StoreFailed.class).hasMessageContaining("can't be read");
    }

    @Test
    void a_newer_version_is_refused_by_name_even_if_nothing_else_is_understood() throws IOException {
        Files.writeString(file, "{\"version\": 2, \"etcd\": {}}");

        assertThatThrownBy(store::load)
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("written by a newer Turnout: its version is 2")
                .hasMessageContaining("Run that version again");
    }

    @Test
    void a_refused_file_is_left_as_it_is() throws IOException {
        Files.writeString(file, "not JSON");

        assertThatExceptionOfType(StoreFailed.class).isThrownBy(store::load);

        assertThat(file).hasContent("not JSON");
    }

    /** The device is a real one that is always full. */
    @Test
    @Guards("F10")
    void a_full_disk_refuses_the_save_and_leaves_the_state_intact() throws IOException {
        store.save(FIRST);
        Files.createSymbolicLink(folder.resolve("state.json.new"), Path.of("/dev/full"));

        assertThatThrownBy(() -> store.save(RICH))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("could not be saved to " + file)
                .hasMessageContaining("No space left on device");

        assertThat(store.load()).contains(FIRST);
        assertThat(folder.resolve("state.json.new")).doesNotExist();
        store.save(RICH);
        assertThat(store.load()).contains(RICH);
    }

    @Test
    @Guards("F10")
    void a_folder_that_is_gone_refuses_the_save() throws IOException {
        store.save(FIRST);
        for (String name : List.of("state.json", "lock")) {
            Files.delete(folder.resolve(name));
        }
        Files.delete(folder);

        assertThatThrownBy(() -> store.save(RICH))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("there is no");

        Files.createDirectory(folder);
    }

    /** What the rename has made visible must not stay if it can't be made to last. */
    @Test
    @Guards("F10")
    void a_rename_that_can_not_be_made_to_last_is_undone() throws IOException {
        store.save(FIRST);
        byte[] before = Files.readAllBytes(file);
        AtomicFile failing =
                new AtomicFile(file, file.resolveSibling("state.json.new"), AtomicFile.Ownership.PRIVATE, opened -> {
                    throw new IOException("Input/output error");
                });

        assertThatThrownBy(() -> failing.replace(new byte[] {1})).hasMessage("Input/output error");

        assertThat(file).hasBinaryContent(before);
        assertThat(folder.resolve("state.json.new")).doesNotExist();
    }

    /** A stop interrupts a change that has not ended: what is taken back must not come into force at the next start. */
    @Test
    @Guards("F10")
    void a_save_that_is_interrupted_after_the_rename_is_undone() {
        store.save(FIRST);
        AtomicFile slow =
                new AtomicFile(file, file.resolveSibling("state.json.new"), AtomicFile.Ownership.PRIVATE, opened -> {
                    Thread.currentThread().interrupt();
                    throw new ClosedByInterruptException();
                });

        assertThatThrownBy(() -> slow.replace(StateJson.write(RICH).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ClosedByInterruptException.class);

        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        assertThat(store.load()).contains(FIRST);
        assertThat(folder.resolve("state.json.new")).doesNotExist();
    }

    @Test
    void an_interrupted_thread_leaves_a_store_that_works() {
        store.save(FIRST);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(StoreFailed.class).isThrownBy(() -> store.save(RICH));
        assertThat(Thread.interrupted()).isTrue();

        assertThat(store.load()).contains(FIRST);
        store.save(RICH);
        assertThat(store.load()).contains(RICH);
    }

    @Test
    void a_state_that_came_of_commands_is_loaded_as_it_was() {
        Service service = FIRST.services().get("default");
        Outcome outcome = Transition.apply(service, new Command.SwitchTo(Slot.GREEN), Instant.now(), "test");
        RoutingState next = FIRST.with(((Outcome.Changed) outcome).service());

        store.save(next);

        assertThat(store.load()).contains(next);
    }
}
