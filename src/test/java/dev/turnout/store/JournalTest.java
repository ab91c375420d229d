package dev.turnout.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    private static List<Object> what(List<JsonObject> entries) {
        return entries.stream().map(entry -> entry.getValue("what")).toList();
    }

    @Test
    void the_newest_entry_comes_first() {
        Journal journal = Journal.open(folder);
        for (int i = 1; i <= 5; i++) {
            journal.append(entry("default", i));
        }

        assertThat(what(journal.recent("default", 3))).containsExactly(5, 4, 3);
    }

    @Test
    void each_service_has_its_own_history() {
        Journal journal = Journal.open(folder);
        journal.append(entry("shop", "a"));
        journal.append(entry("default", "b"));

        assertThat(what(journal.recent("shop", 10))).containsExactly("a");
    }

    @Test
    void an_entry_is_one_line_of_JSON_whatever_it_holds() throws IOException {
        Journal journal = Journal.open(folder);
        JsonObject entry = entry("default", "two\nlines \u2028 \ud83d\ude80 \"quoted\"");

        journal.append(entry);

        assertThat(Files.readString(file)).hasLineCount(1).endsWith("\n");
        assertThat(journal.recent("default", 1)).containsExactly(entry);
    }

    @Test
    void entries_outlive_the_process() {
        Journal.open(folder).append(entry("default", 1));

        assertThat(what(Journal.open(folder).recent("default", 10))).containsExactly(1);
    }

    @Test
    void an_entry_torn_at_any_byte_is_dropped_and_the_next_one_is_whole() throws IOException {
        Journal.open(folder).append(entry("default", 1));
        byte[] one = Files.readAllBytes(file);
        byte[] torn = (entry("default", "torn").encode()).getBytes(StandardCharsets.UTF_8);

        for (int length = 0; length <= torn.length; length++) {
            Files.write(file, one);
            Files.write(file, Arrays.copyOf(torn, length), StandardOpenOption.APPEND);
            Journal journal = Journal.open(folder);
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
        Journal journal = Journal.open(folder);
        journal.append(entry("default", 1));

        assertThat(what(journal.recent("default", 10))).containsExactly(1);
    }

    @Test
    void the_file_is_bounded_and_the_newest_entries_are_kept() throws IOException {
        Journal journal = Journal.open(folder);
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
        Journal journal = Journal.open(folder);
        String mebibyte = "x".repeat(1 << 20);
        for (int i = 1; i <= 20; i++) {
            journal.append(entry("default", mebibyte));
        }

        assertThat(file).satisfies(path -> assertThat(Files.size(path)).isLessThan(2 * Journal.KEPT_BYTES));
        assertThat(journal.recent("default", 100)).hasSizeGreaterThanOrEqualTo(7);
    }

    @Test
    void what_a_crash_left_of_a_rotation_is_removed() throws IOException {
        Files.writeString(folder.resolve("journal.jsonl.new"), "half");

        Journal.open(folder);

        assertThat(folder.resolve("journal.jsonl.new")).doesNotExist();
    }

    @Test
    void a_folder_in_place_of_the_file_is_said() throws IOException {
        Files.createDirectory(file);

        assertThatThrownBy(() -> Journal.open(folder))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void a_full_disk_is_said() throws IOException {
        Journal journal = Journal.open(folder);
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/dev/full"));

        assertThatThrownBy(() -> journal.append(entry("default", 1)))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("No space left on device");
    }
}
