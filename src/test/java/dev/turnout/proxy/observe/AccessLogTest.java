package dev.turnout.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.AccessLogConfig;
import dev.turnout.config.AccessTemplate;
import dev.turnout.support.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipe that nobody reads stands for a disk that takes nothing. */
@DisplayName("An access log that a reload takes off a disk which hangs")
final class AccessLogTest {

    /** More than a pipe and the queue take. */
    private static final int BATCHES = 400;

    private static final int BATCH_BYTES = 16 << 10;
    private static final AccessLogPlan NONE = new AccessLogPlan(Optional.empty(), Map.of());

    @TempDir
    private Path folder;

    private final CurrentLogs logs = new CurrentLogs();

    private Path pipe() throws Exception {
        Path pipe = folder.resolve("access.log");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }

    private void putInForce(Path file) {
        logs.replace(logs.prepare(new AccessLogPlan(
                Optional.of(new AccessLogSettings(
                        AccessLogConfig.Format.JSON, new AccessTemplate(List.of()), List.of(), file)),
                Map.of())));
    }

    private void fill() {
        AccessLog log = logs.open().iterator().next();
        for (int i = 0; i < BATCHES; i++) {
            log.add(new AccessLog.Batch(new byte[BATCH_BYTES], 1));
        }
    }

    @Test
    @DisplayName("is refused with the folder that is not there")
    void a_folder_that_is_not_there() {
        Path missing = folder.resolve("logs");

        assertThatThrownBy(() -> putInForce(missing.resolve("shop/access.log")))
                .hasMessageContaining("there is no folder " + missing)
                .hasMessageContaining("turnout.access-log-file");
    }

    @Test
    @DisplayName("ends once the disk has taken everything, and makes no file again")
    void ends_once_the_disk_has_taken_everything() throws Exception {
        Path file = pipe();
        try (FileChannel reader = opened(file)) {
            fill();
            logs.close(logs.replace(logs.prepare(NONE)));
            Files.delete(file);

            CompletableFuture.runAsync(() -> readToTheEnd(reader))
                    .get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }

        assertThat(file).doesNotExist();
    }

    /** Has the file opened by the log. Returns its other end, which the log's writer waits for. */
    private FileChannel opened(Path file) throws IOException {
        // On Linux neither end waits for the other if one is open for both.
        FileChannel both = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileChannel reader = FileChannel.open(file, StandardOpenOption.READ);
        putInForce(file);
        both.close();
        return reader;
    }

    private static void readToTheEnd(FileChannel reader) {
        ByteBuffer some = ByteBuffer.allocate(BATCH_BYTES);
        try {
            while (reader.read(some) >= 0) {
                some.clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("still counts with the lines that it has dropped")
    void its_dropped_lines_still_count() throws Exception {
        try (FileChannel reader = opened(pipe())) {
            fill();
            long before = logs.dropped();

            List<AccessLog> left = logs.replace(logs.prepare(NONE));

            assertThat(before).isPositive();
            assertThat(logs.dropped()).isGreaterThanOrEqualTo(before);
            CompletableFuture<Void> read = CompletableFuture.runAsync(() -> readToTheEnd(reader));
            logs.close(left);
            assertThat(logs.dropped()).isEqualTo(before);
            read.get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
