package dev.turnout.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("journal.jsonl");
    }

    private static JsonObject entry(String service, Object what) {
        return new JsonObject().put("service", service).put("what", what);
    }

    private static List<Object> what(Journal.Recent recent) {
        return recent.entries().stream().map(entry -> entry.getValue("what")).toList();
    }

    @Test
    void the_newest_entry_comes_first() {
        Journal journal = new Journal(folder).open();
        for (int i = 1; i <= 5; i++) {
            journal.append(entry("default", i));
        }

        assertThat(what(journal.recent("default", 3))).containsExactly(5, 4, 3);
    }

    @Test
    void each_service_has_its_own_history() {
        Journal journal = new Journal(folder).open();
        journal.append(entry("shop", "a"));
        journal.append(entry("default", "b"));

        assertThat(what(journal.recent("shop", 10))).containsExactly("a");
    }

    @Test
    void an_entry_is_one_line_of_JSON_whatever_it_holds() throws IOException {
        Journal journal = new Journal(folder).open();
        JsonObject entry = entry("default", "two\nlines \u2028 \ud83d\ude80 \"quoted\"");

        journal.append(entry);

        assertThat(Files.readString(file)).hasLineCount(1).endsWith("\n");
        assertThat(journal.recent("default", 1).entries()).containsExactly(entry);
    }

    @Test
    void entries_outlive_the_process() {
        new Journal(folder).open().append(entry("default", 1));

        assertThat(what(new Journal(folder).open().recent("default", 10))).containsExactly(1);
    }

    @Test
    void an_entry_torn_at_any_byte_is_dropped_and_the_next_one_is_whole() throws IOException {
        new Journal(folder).open().append(entry("default", 1));
        byte[] one = Files.readAllBytes(file);
        byte[] torn = (entry("default", "torn").encode()).getBytes(StandardCharsets.UTF_8);

        for (int length = 0; length <= torn.length; length++) {
            Files.write(file, one);
            Files.write(file, Arrays.copyOf(torn, length), StandardOpenOption.APPEND);
            Journal journal = new Journal(folder).open();
            journal.append(entry("default", 2));

            assertThat(what(journal.recent("default", 10)))
                    .as("%d bytes of the torn entry", length)
                    .containsExactly(2, 1);
        }
    }

    @Test
    void lines_that_are_no_entries_are_skipped() throws IOException {
        Files.writeString(file, "null\n[]\n\nnot JSON\n{}\n");
        Files.write(file, new byte[] {(byte) 0xff, '\n'}, StandardOpenOption.APPEND);
        Journal journal = new Journal(folder).open();
        journal.append(entry("default", 1));

        assertThat(what(journal.recent("default", 10))).containsExactly(1);
    }

    @Test
    void the_file_is_bounded_and_the_newest_entries_are_kept() throws IOException {
        Journal journal = new Journal(folder).open();
        for (int i = 1; i <= 2 * Journal.KEPT_ENTRIES; i++) {
            journal.append(entry("default", i));
        }

        assertThat(Files.readAllLines(file)).hasSize(Journal.KEPT_ENTRIES);
        assertThat(what(journal.recent("default", Integer.MAX_VALUE)))
                .hasSize(Journal.KEPT_ENTRIES)
                .startsWith(2 * Journal.KEPT_ENTRIES)
                .endsWith(Journal.KEPT_ENTRIES + 1);
    }

    @Test
    void big_entries_are_bounded_by_their_size() throws IOException {
        Journal journal = new Journal(folder).open();
        String mebibyte = "x".repeat(1 << 20);
        for (int i = 1; i <= 20; i++) {
            journal.append(entry("default", mebibyte));
        }

        assertThat(file).satisfies(path -> assertThat(Files.size(path)).isLessThan(2 * Journal.KEPT_BYTES));
        assertThat(journal.recent("default", 100).entries()).hasSizeGreaterThanOrEqualTo(7);
    }

    @Test
    void what_a_crash_left_of_a_rotation_is_removed() throws IOException {
        Files.writeString(folder.resolve("journal.jsonl.new"), "half");

        new Journal(folder).open();

        assertThat(folder.resolve("journal.jsonl.new")).doesNotExist();
    }

    @Test
    void a_folder_in_place_of_the_file_is_said() throws IOException {
        Files.createDirectory(file);

        assertThatThrownBy(() -> new Journal(folder).open())
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void a_full_disk_is_said() throws IOException {
        Journal journal = new Journal(folder).open();
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/dev/full"));

        assertThatThrownBy(() -> journal.append(entry("default", 1)))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("No space left on device");
    }

    private static JsonObject poisoned(int megabytes) {
        JsonArray cut = new JsonArray();
        for (int i = 0; i < megabytes * 64; i++) {
            cut.add(new JsonObject().put("method", "POST").put("path", "/" + "a".repeat(16_300)));
        }
        return new JsonObject()
                .put("at", "2026-11-26T00:00:00Z")
                .put("service", "default")
                .put("who", "127.0.0.1")
                .put("what", "switch to green")
                .put("verdict", "cut")
                .put("revision", 7)
                .put("receipt", new JsonObject().put("drain", new JsonObject().put("cut", cut)));
    }

    @Test
    void an_entry_is_always_shorter_than_64_KiB_and_says_that_it_was_shortened() throws IOException {
        Journal journal = new Journal(folder).open();
        journal.append(poisoned(12));

        assertThat(Files.size(file)).isLessThan(64 << 10);
        assertThat(Files.readString(file)).hasLineCount(1);
        JsonObject read = journal.recent("default", 1).entries().get(0);
        assertThat(read.getBoolean("shortened")).isTrue();
        assertThat(read.getString("what")).isEqualTo("switch to green");
        assertThat(read.getInteger("revision")).isEqualTo(7);
        JsonObject drain = read.getJsonObject("receipt").getJsonObject("drain");
        assertThat(drain.getJsonArray("cut").size()
                        + drain.getJsonObject("omitted").getInteger("cut"))
                .isEqualTo(12 * 64);
    }

    @Test
    void no_number_of_long_entries_loses_the_newest_one() throws IOException {
        Journal journal = new Journal(folder).open();
        for (int i = 1; i <= 300; i++) {
            journal.append(poisoned(1).put("what", i));
            assertThat(what(journal.recent("default", 1))).containsExactly(i);
        }
        assertThat(Files.size(file)).isLessThan(2 * Journal.KEPT_BYTES);
        assertThat(new Journal(folder).open().recent("default", 1_000).entries())
                .hasSizeGreaterThan(7);
    }

    @Test
    void a_history_is_limited_by_bytes_and_says_that_there_is_more() {
        Journal journal = new Journal(folder).open();
        for (int i = 1; i <= 50; i++) {
            journal.append(poisoned(1).put("what", i));
        }

        Journal.Recent recent = journal.recent("default", 1_000);

        assertThat(recent.hasMore()).isTrue();
        assertThat(what(recent)).startsWith(50, 49, 48);
        assertThat(new JsonArray(recent.entries()).encodePrettily()).hasSizeLessThan(1 << 20);
        assertThat(journal.recent("default", 3).hasMore()).isFalse();
    }

    @Test
    void an_old_journal_of_huge_lines_is_read_and_becomes_short() throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            out.write(entry("default", "first").encode() + "\n");
            for (int i = 0; i < 4; i++) {
                out.write(poisoned(4).encode() + "\n");
            }
            out.write("{\"service\":\"default\",\"what\":\"" + "x".repeat(3 << 20) + "\"}\n");
            out.write(poisoned(1).encode().replace("default", "shop") + "\n");
            out.write("[".repeat(200_000) + "\n");
            out.write(entry("default", "last").encode() + "\n");
        }

        Journal journal = new Journal(folder).open();

        assertThat(Files.size(file)).isLessThan(1 << 20);
        assertThat(what(journal.recent("default", 10)))
                .containsExactly(
                        "last",
                        null,
                        "switch to green",
                        "switch to green",
                        "switch to green",
                        "switch to green",
                        "first");
        assertThat(journal.recent("default", 3).entries().get(2)).isEqualTo(withoutReceipt());
        assertThat(what(journal.recent("shop", 10))).containsExactly("switch to green");
    }

    private static JsonObject withoutReceipt() {
        JsonObject entry = poisoned(0).put("shortened", true);
        entry.remove("receipt");
        return entry;
    }

    @Test
    void a_journal_that_was_removed_while_Turnout_runs_is_made_again() throws IOException {
        Journal journal = new Journal(folder).open();
        journal.append(entry("default", 1));
        Files.delete(file);

        assertThat(journal.recent("default", 10).entries()).isEmpty();
        journal.append(entry("default", 2));

        assertThat(what(journal.recent("default", 10))).containsExactly(2);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void entries_that_somebody_else_has_added_or_taken_away_are_counted_anew() throws IOException {
        Journal journal = new Journal(folder).open();
        journal.append(entry("default", 1));
        Files.writeString(file, "{\"service\":\"default\",\"what\":\"x\"}\n".repeat(2_100));
        journal.append(entry("default", 2));

        assertThat(Files.readAllLines(file)).hasSizeLessThan(2 * Journal.KEPT_ENTRIES);
        assertThat(what(journal.recent("default", 2))).containsExactly(2, "x");
    }
}
