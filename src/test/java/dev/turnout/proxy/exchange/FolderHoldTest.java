package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.folder.FileThreads;
import dev.turnout.proxy.folder.FileWish;
import dev.turnout.proxy.folder.Folder;
import dev.turnout.proxy.folder.OpenFile;
import dev.turnout.proxy.http1.RedirectTemplate;
import dev.turnout.proxy.http1.RuleMatch;
import dev.turnout.proxy.route.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A file that gets no thread is refused, and its place is free again")
final class FolderHoldTest {

    private static final FileWish WISH = new FileWish("/app.js", false, "", false, "", "", "", "", "", "", "");

    @TempDir
    private Path site;

    private final Queue<Runnable> work = new ArrayDeque<>();
    private final FileThreads files = new FileThreads(this::execute, 1);
    private final List<String> told = new ArrayList<>();
    private int shortages;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(site.resolve("app.js"), "0123456789");
    }

    /** Java's pool may have the task in its queue when it finds that no thread can be started. */
    private void execute(Runnable task) {
        work.add(task);
        if (shortages > 0) {
            shortages--;
            throw new OutOfMemoryError("unable to create native thread");
        }
    }

    private void run() {
        while (!work.isEmpty()) {
            work.remove().run();
        }
    }

    private final class Waiting implements Hold.Waiter {

        @Override
        public void recognised(String user) {}

        @Override
        public void goesOn() {
            told.add("goes on");
        }

        @Override
        public void refused(LocalReply reply) {
            told.add(String.valueOf(reply.status()));
        }

        @Override
        public void served(OpenFile file, FileWish wish) {
            told.add("served");
            files.release(file);
        }
    }

    private void ask() {
        Rule rule = new Rule(
                "files",
                new RuleMatch(List.of(), List.of(), List.of("/*"), null, "*"),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                0,
                null,
                null,
                null,
                null,
                new RedirectTemplate("/elsewhere", ""),
                null,
                301);
        RuleMeans means = new RuleMeans(new PasswordChecks(Runnable::run), files, Runnable::run);
        new FolderHold(means, rule, new Folder(site, "", "index.html", null, false), WISH).begin(new Waiting());
        run();
    }

    @Test
    void before_it_has_been_looked_for() {
        shortages = 1;
        ask();
        ask();

        assertThat(told).containsExactly("503", "served");
    }

    @Test
    void when_its_next_piece_is_to_be_read() throws IOException {
        ExchangeFixture fixture = new ExchangeFixture(files, true, ExchangeFixture.FIRST).get();
        OpenFile file = new OpenFile(
                Files.newByteChannel(site.resolve("app.js")), "app.js", "", false, 10, Instant.EPOCH, true);
        assertThat(files.enter()).isTrue();
        shortages = 1;
        fixture.exchange.served(file, WISH);
        fixture.channel.runPendingTasks();
        run();

        assertThat(fixture.client.ends).containsExactly("abort");
        assertThat(file.channel().isOpen()).isFalse();
        assertThat(files.enter()).isTrue();
        fixture.assertReleased();
    }

    @Test
    void when_it_is_to_be_closed() throws IOException {
        OpenFile file = new OpenFile(
                Files.newByteChannel(site.resolve("app.js")), "app.js", "", false, 10, Instant.EPOCH, true);
        assertThat(files.enter()).isTrue();
        shortages = 1;
        files.release(file);
        run();

        assertThat(file.channel().isOpen()).isFalse();
        assertThat(files.enter()).isTrue();
        assertThat(files.enter()).isFalse();
    }
}
