package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.folder.FileThreads;
import dev.turnout.proxy.folder.FileWish;
import dev.turnout.proxy.folder.OpenFile;
import dev.turnout.proxy.loop.SparseAllocator;
import dev.turnout.routing.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An answer with a file, for which there is no memory, ends at once and gives its place back,")
final class FolderStreamTest {

    private static final FileWish WISH = new FileWish("/app.js", false, "", false, "", "", "", "", "", "", "");
    private static final String GET = "GET /app.js HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int SIZE = 200_000;

    private final Queue<Runnable> reads = new ArrayDeque<>();
    private final FileThreads files = new FileThreads(reads::add, 1);
    private final ExchangeFixture fixture = new ExchangeFixture(files, true, ExchangeFixture.FIRST);
    private final SparseAllocator allocator = new SparseAllocator();
    private final FakeClientStream client = new FakeClientStream(allocator);
    private Exchange exchange;
    private OpenFile file;

    @BeforeEach
    void serve(@TempDir Path site) throws IOException {
        Path path = Files.write(site.resolve("app.js"), new byte[SIZE]);
        file = new OpenFile(Files.newByteChannel(path), "app.js", "", false, SIZE, Instant.EPOCH, true);
        assertThat(files.enter()).isTrue();
        exchange = fixture.exchange(client, GET, MessageBody.ofLength(0), null);
        exchange.start(Service.DEFAULT, fixture.affinity(GET));
        exchange.served(file, WISH);
    }

    @AfterEach
    void nothingIsLeft() {
        run();
        assertThat(file.channel().isOpen()).isFalse();
        assertThat(files.enter()).isTrue();
        assertThat(fixture.records).hasSize(1);
        fixture.assertReleased();
    }

    /** Does what is to be done on the event loop, and then what is to be done on the threads of files. */
    private void run() {
        assertThatCode(fixture.channel::runPendingTasks).doesNotThrowAnyException();
        while (!reads.isEmpty()) {
            reads.remove().run();
        }
        assertThatCode(fixture.channel::runPendingTasks).doesNotThrowAnyException();
    }

    @Test
    void before_its_head() {
        allocator.setOut(true);
        run();

        assertThat(client.ends).containsExactly("fail");
    }

    @Test
    void between_two_pieces() {
        fixture.channel.runPendingTasks();
        allocator.setOut(true);
        run();

        assertThat(client.heads).hasSize(1);
        assertThat(client.ends).containsExactly("abort");
    }

    @Test
    void once_its_client_takes_more_again() {
        client.takesMore = false;
        run();
        assertThat(client.ends).isEmpty();
        client.takesMore = true;
        allocator.setOut(true);
        assertThatCode(() -> exchange.relay().clientWritabilityChanged()).doesNotThrowAnyException();
        run();

        assertThat(client.ends).containsExactly("abort");
    }
}
