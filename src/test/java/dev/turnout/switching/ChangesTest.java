package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.store.Journal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that an exception in a change frees the service's lock and is reported. */
final class ChangesTest {

    private static final String SERVICE = "default";

    @TempDir
    Path folder;

    private final Announcer announcer = new Announcer();
    private Changes changes;

    /** A clock that fails. */
    private static final class BrokenClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            throw new IllegalStateException("no time");
        }
    }

    private Changes with(Clock recorderClock) {
        ChangeRecorder recorder = new ChangeRecorder(new Journal(folder).open(), announcer, recorderClock);
        changes = new Changes(announcer, recorder, Clock.systemUTC());
        return changes;
    }

    @AfterEach
    void stop() {
        changes.beginStop();
    }

    private static Throwable failureOf(CompletionStage<?> answer) throws Exception {
        try {
            answer.toCompletableFuture().get(10, TimeUnit.SECONDS);
            throw new AssertionError("it did not fail");
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    private void assertThatAnotherOneRuns() throws Exception {
        assertThat(changes.ongoing(SERVICE)).isEmpty();
        assertThat(changes.begin(SERVICE, "next", ChangeNote.of("a test"), (change, early) -> "done")
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
                .isEqualTo("done");
    }

    private static ChangeRefused refused() {
        return new ChangeRefused(ChangeRefused.Reason.INVALID, "no");
    }

    @Test
    void a_refusal_that_cannot_be_recorded_is_answered_and_holds_no_lock() throws Exception {
        Throwable failure =
                failureOf(with(new BrokenClock()).begin(SERVICE, "first", ChangeNote.of("a test"), (change, early) -> {
                    throw refused();
                }));

        assertThat(failure).isInstanceOf(ChangeRefused.class).hasMessage("no");
        assertThat(failure.getSuppressed()[0]).hasMessage("no time");
        assertThatAnotherOneRuns();
    }

    @Test
    void an_error_within_a_change_holds_no_lock() throws Exception {
        for (Throwable thrown : List.of(new IllegalStateException("x"), new StackOverflowError())) {
            Throwable failure = failureOf(
                    with(Clock.systemUTC()).begin(SERVICE, "first", ChangeNote.of("a test"), (change, early) -> {
                        if (thrown instanceof Error error) {
                            throw error;
                        }
                        throw (RuntimeException) thrown;
                    }));

            assertThat(failure).isSameAs(thrown);
            assertThatAnotherOneRuns();
        }
    }

    @Test
    void what_is_done_afterwards_may_throw_too() throws Exception {
        Throwable failure = failureOf(with(Clock.systemUTC())
                .begin(SERVICE, "first", ChangeNote.of("a test"), (change, early) -> "done", done -> {
                    throw new IllegalStateException("afterwards");
                }));

        assertThat(failure).hasMessage("afterwards");
        assertThatAnotherOneRuns();
    }

    @Test
    void a_listener_that_throws_keeps_neither_others_from_hearing_nor_the_change_from_its_end() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        announcer.listen(announcement -> {
            throw new IllegalStateException("a listener's fault");
        });
        announcer.listen(announcement -> heard.add(announcement.kind()));

        Throwable failure =
                failureOf(with(Clock.systemUTC()).begin(SERVICE, "first", ChangeNote.of("a test"), (change, early) -> {
                    change.enter(Step.GATE);
                    throw refused();
                }));

        assertThat(failure).isInstanceOf(ChangeRefused.class);
        assertThat(heard).containsExactly("step", "refused");
        assertThatAnotherOneRuns();
    }

    @Test
    void a_borrower_that_throws_gives_the_lock_back() throws Exception {
        Changes these = with(Clock.systemUTC());
        CompletionStage<String> watch = these.begin(
                SERVICE,
                "watch",
                ChangeNote.of("a test"),
                (change, early) -> these.lookOn(
                        change,
                        () -> {
                            CompletionStage<String> borrower =
                                    these.interpose(SERVICE, "rollback", ChangeNote.of("a test"), (one, no) -> {
                                        throw new IllegalStateException("borrower");
                                    });
                            return borrower.exceptionally(Throwable::getMessage)
                                    .toCompletableFuture()
                                    .join();
                        },
                        seen -> Optional.empty()));

        assertThat(watch.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo("borrower");
        assertThatAnotherOneRuns();
    }

    @Test
    void changes_that_stand_back_keep_nobody_waiting_and_have_the_lock_again_at_their_ends() throws Exception {
        Changes these = with(Clock.systemUTC());
        ChangeNote note = ChangeNote.of("a test");
        CompletableFuture<Void> firstMayEnd = new CompletableFuture<>();
        CompletableFuture<Void> secondMayEnd = new CompletableFuture<>();
        CompletionStage<String> first = standingBack(these, "first", firstMayEnd);
        CompletionStage<String> second = standingBack(these, "second", secondMayEnd);
        CompletableFuture<Void> thirdMayEnd = new CompletableFuture<>();
        CompletionStage<String> third = these.begin(SERVICE, "third", note, (change, early) -> {
            thirdMayEnd.join();
            return "third";
        });
        assertThat(these.mayBegin(SERVICE)).isFalse();

        firstMayEnd.complete(null);
        assertThat(first.toCompletableFuture()).isNotDone();
        thirdMayEnd.complete(null);

        assertThat(third.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo("third");
        assertThat(first.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo("first");
        assertThat(these.ongoing(SERVICE)).map(Change::what).contains("second");
        assertThat(these.mayBegin(SERVICE)).isTrue();
        secondMayEnd.complete(null);
        assertThat(second.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo("second");
        assertThatAnotherOneRuns();
    }

    @Test
    void of_those_that_stand_back_there_are_not_more_than_some() throws Exception {
        Changes these = with(Clock.systemUTC());
        CompletableFuture<Void> mayEnd = new CompletableFuture<>();
        int begun = 0;
        while (these.mayBegin(SERVICE) && begun < 100) {
            standingBack(these, "one", mayEnd);
            begun++;
        }

        assertThat(begun).isEqualTo(8);
        mayEnd.complete(null);
        assertThat(these.awaitNone(Duration.ofSeconds(10), () -> false)).isTrue();
        assertThat(these.mayBegin(SERVICE)).isTrue();
    }

    /** Begins a change that stands back until it may end, and waits until it does. */
    private CompletionStage<String> standingBack(Changes these, String what, CompletableFuture<Void> mayEnd)
            throws Exception {
        CompletableFuture<Void> stands = new CompletableFuture<>();
        CompletionStage<String> begun = these.begin(
                SERVICE,
                what,
                ChangeNote.of("a test"),
                (change, early) -> these.standBack(change, () -> {
                    stands.complete(null);
                    mayEnd.join();
                    return what;
                }));
        stands.get(10, TimeUnit.SECONDS);
        return begun;
    }

    @Test
    void a_suspension_refuses_with_its_reason_and_holds_no_lock() throws Exception {
        with(Clock.systemUTC()).suspend(ChangeRefused.Reason.STOPPING, "A successor takes over.");
        assertThatThrownBy(() -> changes.begin(SERVICE, "first", ChangeNote.of("a test"), (change, early) -> "done"))
                .isInstanceOf(ChangeRefused.class)
                .hasMessage("A successor takes over. Nothing was done.");
        assertThat(changes.suspension()).contains("A successor takes over.");

        changes.resume();
        assertThatAnotherOneRuns();
    }
}
