package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.body.ResponseBody;
import dev.turnout.proxy.exchange.RetryRules.Failure;
import dev.turnout.proxy.http1.ChunkScanner;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.loop.MissingDescriptors;
import dev.turnout.proxy.loop.ScanScratch;
import dev.turnout.proxy.route.Requests;
import dev.turnout.proxy.route.TargetSettings;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which one attempt can end, and what of its connection reaches the exchange. */
final class AttemptTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HEAD = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n";
    private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
    private static final String IDLE_TIMEOUT =
            "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    /** So many reuses show that a target keeps its connections. */
    private static final int PROOF = 8;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final TargetState target =
            new TargetState("default", Slot.BLUE, new Target("127.0.0.1", 8080), 1, TargetSettings.NONE);
    private final ScanScratch scratch = new ScanScratch(16 * 1024);
    private final FakeTargets targets = new FakeTargets();
    private final List<String> told = new ArrayList<>();
    private ForwardedRequest request;
    private Attempt attempt;
    private FakeTargetStream stream;
    private LocalReply reply;
    private boolean mayGoAgain = true;
    private boolean switches = true;

    private final Attempt.Owner owner = new Attempt.Owner() {
        @Override
        public void requestSent() {
            told.add("sent");
        }

        @Override
        public void attemptFailed(Failure failure, LocalReply given, ExchangeEnd how) {
            assertThat(attempt.isOver())
                    .as("over once its owner hears of the failure")
                    .isTrue();
            assertThat(attempt.stream()).isNull();
            told.add(failure + " " + how);
            reply = given;
        }

        @Override
        public void queued() {
            told.add("queued");
        }

        @Override
        public void dequeued() {
            told.add("dequeued");
        }

        @Override
        public void moveOn() {
            told.add("moves on");
        }

        @Override
        public boolean mayGoAgain() {
            return mayGoAgain;
        }
    };

    private final Attempt.Answers answers = new Attempt.Answers() {
        @Override
        public void interimResponse(ResponseHead response) {
            told.add("interim " + response.status());
        }

        @Override
        public void responseHead(ResponseHead response, int length, ByteBuf in) {
            told.add("head " + response.status());
            in.release();
        }

        @Override
        public boolean switchProtocols(ResponseHead response, int length, ByteBuf in) {
            told.add("switch");
            return switches;
        }

        @Override
        public void responseBody(ByteBuf in) {
            told.add("body " + in.toString(ISO_8859_1));
            in.release();
        }

        @Override
        public void badResponse(Rejection rejection) {
            told.add("bad " + rejection);
        }

        @Override
        public void targetInputEnded() {
            told.add("input ended");
        }

        @Override
        public void targetClosed(boolean isClean) {
            told.add(isClean ? "closed" : "closed by a failure");
            attempt.end();
        }

        @Override
        public void targetWritabilityChanged() {
            told.add("writability");
        }
    };

    @AfterEach
    void everything_is_released() {
        request.release();
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .as("bytes that were not released")
                .isZero();
    }

    private void request(String text, MessageBody body, String firstBody) {
        RequestHead head = Requests.head(text);
        ByteBuf first = firstBody == null ? null : buffer(firstBody);
        if (first != null) {
            body.take(first);
        }
        request = new ForwardedRequest(head, buffer(text), text.length(), body, first, false, null, null, List.of(), 0);
        attempt = new Attempt(owner, answers, request, new FakeClientStream(allocator).ends(), target);
    }

    private ByteBuf buffer(String text) {
        return allocator.buffer().writeBytes(text.getBytes(ISO_8859_1));
    }

    private void get() {
        request(GET, MessageBody.ofLength(0), null);
    }

    private FakeTargetStream idle() {
        stream = new FakeTargetStream();
        stream.wasIdle = true;
        stream.reused = true;
        targets.idle.add(stream);
        return stream;
    }

    private void startOverIdle() {
        idle();
        attempt.start(targets);
    }

    private void startOverFresh() {
        attempt.start(targets);
        stream = targets.open();
    }

    private void answer(String text) {
        stream.listener.responseBytes();
        ByteBuf in = buffer(text);
        int length = scratch.scanResponse(in);
        stream.listener.responseHead(scratch.responseHead(), length, in);
    }

    /** Has a whole response come, as the exchange would take it. */
    private void answerWhole(String text, boolean isHead) {
        answer(text);
        ResponseHead head = scratch.responseHead();
        attempt.headed(head, ResponseBody.of(head, isHead, true, 1000, false));
        stream.reusability().responseWhole(true);
    }

    private void assertOver(String... events) {
        assertThat(told).containsExactly(events);
        assertThat(attempt.isOver()).isTrue();
        assertThat(attempt.stream()).isNull();
        if (stream != null) {
            assertThat(stream.listener).as("what is told of the connection").isNull();
            assertThat(stream.closed || stream.released).isTrue();
        }
    }

    // --- No connection ---------------------------------------------------------------------------------------------

    @Test
    void a_refused_connection_is_the_target_s_failure() {
        get();
        attempt.start(targets);
        targets.refuse(new IOException("refused"));
        assertOver("NOT_CONNECTED CONNECT_FAILED");
        assertThat(reply).isSameAs(LocalReplies.CONNECT_FAILED);
        assertThat(target.traffic().connectFailures()).isEqualTo(1);
    }

    @Test
    void a_connection_that_times_out_is_told_apart() {
        get();
        attempt.start(targets);
        targets.refuse(new ConnectTimeoutException("late"));
        assertOver("NOT_CONNECTED CONNECT_FAILED");
        assertThat(reply).isSameAs(LocalReplies.CONNECT_TIMEOUT);
        assertThat(target.traffic().connectFailures()).isEqualTo(1);
    }

    @Test
    void a_full_queue_is_a_failure_of_the_target_whose_connections_still_work() {
        get();
        attempt.start(targets);
        targets.refuse(new QueueFull());
        assertOver("FINAL CONNECT_FAILED");
        assertThat(reply).isSameAs(LocalReplies.QUEUE_FULL);
        assertThat(target.traffic().connectFailures()).isZero();
    }

    @Test
    void a_wait_for_a_connection_is_told_when_it_begins_and_when_it_ends() {
        get();
        targets.isFull = true;
        attempt.start(targets);
        assertThat(attempt.isQueued()).isTrue();
        assertThat(told).containsExactly("queued");
        stream = targets.open();
        assertThat(attempt.isQueued()).isFalse();
        assertThat(told).containsExactly("queued", "dequeued", "sent");
    }

    @Test
    void an_attempt_that_ends_leaves_the_queue() {
        get();
        targets.isFull = true;
        attempt.start(targets);
        attempt.end();
        assertThat(targets.waiting).isEmpty();
        assertThat(attempt.isQueued()).isFalse();
    }

    @Test
    void a_missing_descriptor_is_no_failure_of_the_target() {
        get();
        attempt.start(targets);
        targets.refuse(MissingDescriptors.failure());
        assertOver("FINAL NO_RESOURCES");
        assertThat(reply).isSameAs(LocalReplies.NO_DESCRIPTORS);
        assertThat(target.traffic().connectFailures()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void missing_memory_for_the_request_is_no_failure_of_the_target(boolean isIdle) {
        get();
        FakeTargetStream without = isIdle ? idle() : targets.stream();
        without.hasNoMemory = true;
        attempt.start(targets);
        if (!isIdle) {
            targets.open(without);
        }
        assertOver("FINAL NO_RESOURCES");
        assertThat(reply).isSameAs(LocalReplies.NO_BUFFERS);
        assertThat(without.closed).isTrue();
        assertThat(target.traffic().failures()).isZero();
    }

    @Test
    void a_chunked_body_is_not_sent_to_a_target_that_answers_http_10() {
        target.conduct().answered(false);
        request(CHUNKED, MessageBody.chunked(100, ChunkScanner.NO_FRAMING), null);
        FakeTargetStream unused = idle();
        stream = null;
        attempt.start(targets);
        assertOver("FINAL NOT_SENDABLE");
        assertThat(reply).isSameAs(LocalReplies.LENGTH_REQUIRED);
        assertThat(targets.idle).containsExactly(unused);
        assertThat(targets.waiting).isEmpty();
    }

    @Test
    void a_body_of_known_length_is_sent_to_a_target_that_answers_http_10() {
        target.conduct().answered(false);
        request(POST, MessageBody.ofLength(4), "body");
        startOverFresh();
        assertThat(stream.written.toString()).isEqualTo(POST + "body");
        assertThat(told).containsExactly("sent");
    }

    // --- Idle connections ------------------------------------------------------------------------------------------

    @Test
    void an_idle_connection_is_used_first() {
        get();
        startOverIdle();
        assertThat(stream.written.toString()).isEqualTo(GET);
        assertThat(targets.waiting).isEmpty();
        assertThat(told).containsExactly("sent");
    }

    @Test
    void a_fresh_start_leaves_idle_connections_alone() {
        get();
        FakeTargetStream unused = idle();
        attempt.startFresh(targets);
        stream = targets.open();
        assertThat(stream.written.toString()).isEqualTo(GET);
        assertThat(targets.idle).containsExactly(unused);
    }

    @ParameterizedTest
    @CsvSource({"0, STALE_UNSENT", "1, STALE", "5, STALE"})
    void a_dead_idle_connection_is_told_apart_by_whether_a_byte_was_taken(int taken, Failure failure) {
        get();
        idle();
        stream.outputBroken = true;
        stream.takenThoughBroken = taken;
        attempt.start(targets);
        assertOver(failure + " TARGET_CLOSED");
        assertThat(reply).isSameAs(LocalReplies.TARGET_CLOSED);
    }

    @Test
    void a_dead_idle_connection_may_have_taken_a_body_that_is_kept_apart() {
        request(POST, MessageBody.ofLength(4), "body");
        idle();
        stream.outputBroken = true;
        attempt.start(targets);
        assertOver("STALE TARGET_CLOSED");
    }

    /** A connection that carries others too goes on after it has refused a request, and sends what it has begun. */
    @Test
    void a_body_that_a_connection_has_begun_to_send_is_not_moved_by_the_next_attempt() {
        request(POST, MessageBody.ofLength(4), "body");
        FakeTargetStream first = idle();
        first.queues = true;
        attempt.start(targets);
        first.queue.removeFirst().release();
        ByteBuf begun = first.queue.removeFirst();
        begun.skipBytes(3);
        first.listener.refused();

        attempt = new Attempt(owner, answers, request, new FakeClientStream(allocator).ends(), target);
        startOverFresh();

        assertThat(stream.written.toString()).endsWith("body");
        assertThat(begun.toString(ISO_8859_1)).isEqualTo("y");
        begun.release();
    }

    @Test
    void an_idle_connection_that_ends_without_a_response_is_stale() {
        get();
        startOverIdle();
        stream.end();
        assertOver("sent", "STALE TARGET_CLOSED");
    }

    @Test
    void an_idle_connection_that_ends_while_the_request_is_written_is_stale_and_nothing_else() {
        get();
        idle();
        stream.endsAtFlush = true;
        attempt.start(targets);
        assertOver("STALE TARGET_CLOSED");
    }

    @Test
    void an_idle_connection_that_ends_within_the_response_is_not_stale() {
        get();
        startOverIdle();
        stream.listener.responseBytes();
        assertThat(attempt.hasNoResponse()).isFalse();
        stream.end();
        assertOver("sent", "closed");
    }

    @Test
    void a_408_over_an_idle_connection_that_closes_is_stale() {
        get();
        startOverIdle();
        answer(IDLE_TIMEOUT);
        assertOver("sent", "STALE TARGET_CLOSED");
        assertThat(stream.closed).isTrue();
    }

    @Test
    void a_408_is_passed_on_if_the_request_may_not_go_again() {
        get();
        mayGoAgain = false;
        startOverIdle();
        answer(IDLE_TIMEOUT);
        assertThat(told).containsExactly("sent", "head 408");
    }

    @Test
    void a_408_over_a_fresh_connection_is_an_answer() {
        get();
        startOverFresh();
        answer(IDLE_TIMEOUT);
        assertThat(told).containsExactly("sent", "head 408");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            })
    void other_answers_over_an_idle_connection_are_answers(String text) {
        get();
        startOverIdle();
        answer(text);
        assertThat(told).hasSize(2);
        assertThat(told.get(1)).startsWith("head ");
        assertThat(attempt.isOver()).isFalse();
    }

    // --- Fresh connections -----------------------------------------------------------------------------------------

    @Test
    void a_fresh_connection_that_ends_is_never_stale() {
        get();
        startOverFresh();
        stream.end();
        assertOver("sent", "closed");
    }

    @Test
    void a_fresh_connection_whose_output_is_broken_may_still_answer() {
        get();
        attempt.start(targets);
        stream = new FakeTargetStream();
        stream.outputBroken = true;
        assertThat(targets.waiting.remove().opened(stream)).isTrue();
        assertThat(told).containsExactly("sent");
        answer(OK);
        assertThat(told).containsExactly("sent", "head 200");
    }

    @Test
    void a_fresh_connection_that_ends_while_the_request_is_written_is_told_once() {
        get();
        attempt.start(targets);
        stream = new FakeTargetStream();
        stream.endsAtFlush = true;
        assertThat(targets.waiting.remove().opened(stream)).isTrue();
        assertOver("closed");
    }

    @Test
    void an_end_after_a_failed_read_is_not_clean() {
        get();
        startOverFresh();
        answer(OK);
        stream.listener.readFailed();
        stream.end();
        assertOver("sent", "head 200", "closed by a failure");
    }

    @Test
    void a_failed_read_behind_an_early_answer_is_clean() {
        request(POST, MessageBody.ofLength(4), null);
        startOverFresh();
        answer(OK);
        stream.listener.readFailed();
        stream.end();
        assertOver("sent", "head 200", "closed");
    }

    // --- What passes -----------------------------------------------------------------------------------------------

    @Test
    void what_comes_over_the_connection_is_passed_on_in_its_order() {
        get();
        startOverFresh();
        answerInterim();
        answer(OK);
        stream.listener.responseBody(buffer("o"));
        stream.listener.writabilityChanged();
        stream.listener.inputEnded();
        stream.listener.badResponse(Rejection.BAD_CHUNK);
        assertThat(told)
                .containsExactly(
                        "sent", "interim 103", "head 200", "body o", "writability", "input ended", "bad BAD_CHUNK");
    }

    private void answerInterim() {
        stream.listener.responseBytes();
        ByteBuf in = buffer("HTTP/1.1 103 Early Hints\r\n\r\n");
        scratch.scanResponse(in);
        stream.listener.interimResponse(scratch.responseHead());
        in.release();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_switch_of_protocols_is_the_exchange_s_to_accept(boolean accepts) {
        get();
        switches = accepts;
        startOverFresh();
        ByteBuf in = buffer("HTTP/1.1 101 Switching Protocols\r\n\r\n");
        int length = scratch.scanResponse(in);
        assertThat(stream.listener.switchProtocols(scratch.responseHead(), length, in))
                .isEqualTo(accepts);
        in.release();
        assertThat(told).containsExactly("sent", "switch");
    }

    // --- Over ------------------------------------------------------------------------------------------------------

    @Test
    void a_connection_that_opens_too_late_gets_nothing() {
        get();
        attempt.start(targets);
        attempt.end();
        stream = targets.open();
        assertThat(stream.begun).isZero();
        assertThat(stream.written.toString()).isEmpty();
        assertOver();
    }

    @Test
    void a_connection_that_fails_too_late_is_nobody_s_failure() {
        get();
        attempt.start(targets);
        attempt.end();
        targets.refuse(new IOException("refused"));
        assertOver();
        assertThat(target.traffic().connectFailures()).isZero();
    }

    @Test
    void an_attempt_that_is_ended_ends_its_connection() {
        get();
        startOverFresh();
        TargetStream.Listener listener = stream.listener;
        attempt.end();
        attempt.end();
        assertOver("sent");
        assertThat(stream.closed).isTrue();
        assertThat(listener.isOver()).isTrue();
    }

    @Test
    void a_tunnel_s_connection_is_closed_once_all_is_sent() {
        get();
        startOverFresh();
        attempt.closeWhenFlushed();
        assertOver("sent");
    }

    // --- The connection is given back ------------------------------------------------------------------------------

    @Test
    void a_connection_is_kept_after_a_whole_response() {
        get();
        startOverFresh();
        answerWhole(OK, false);
        attempt.release(false);
        assertOver("sent", "head 200");
        assertThat(stream.kept).isTrue();
    }

    @Test
    void a_connection_is_kept_after_an_interim_response_that_came_early() {
        request(POST, MessageBody.ofLength(4), null);
        startOverFresh();
        answerInterim();
        ByteBuf rest = buffer("body");
        request.pass(rest, request.body().take(rest), stream);
        rest.release();
        answerWhole(OK, false);
        attempt.release(false);
        assertThat(stream.kept).isTrue();
    }

    @Test
    void a_connection_is_closed_that_answered_before_the_request_was_whole() {
        request(POST, MessageBody.ofLength(4), null);
        startOverFresh();
        answerWhole(OK, false);
        attempt.release(false);
        assertThat(stream.kept).isFalse();
        assertThat(stream.closed).isTrue();
    }

    @Test
    void a_connection_is_closed_that_answered_before_the_request_was_taken() {
        get();
        startOverFresh();
        stream.backlog = 1;
        answerWhole(OK, false);
        stream.backlog = 0;
        attempt.release(false);
        assertThat(stream.kept).isFalse();
    }

    @Test
    void a_connection_is_closed_whose_output_is_broken() {
        get();
        startOverFresh();
        answerWhole(OK, false);
        stream.outputBroken = true;
        attempt.release(false);
        assertThat(stream.kept).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_connection_is_closed_that_sent_more_than_the_response(boolean hasContent) {
        if (hasContent) {
            request(POST, MessageBody.ofLength(4), "body");
        } else {
            get();
        }
        startOverFresh();
        answerWhole(OK, false);
        attempt.release(true);
        assertThat(stream.kept).isFalse();
        assertThat(target.conduct().mistakesContent()).isEqualTo(hasContent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void a_connection_is_closed_that_the_head_does_not_promise(String text) {
        get();
        startOverFresh();
        answerWhole(text, false);
        attempt.release(false);
        assertThat(stream.kept).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, true", "2, false"})
    void a_connection_is_closed_after_head_if_a_body_is_announced(int length, boolean kept) {
        request(HEAD, MessageBody.ofLength(0), null);
        startOverFresh();
        answerWhole("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n", true);
        attempt.release(false);
        assertThat(stream.kept).isEqualTo(kept);
    }

    @Test
    void a_chunked_request_closes_its_connection() {
        request(CHUNKED, MessageBody.chunked(100, ChunkScanner.NO_FRAMING), "0\r\n\r\n");
        startOverFresh();
        answerWhole(OK, false);
        attempt.release(false);
        assertThat(stream.kept).isFalse();
    }

    // --- Conduct ---------------------------------------------------------------------------------------------------

    @Test
    void the_version_of_an_answer_is_noted() {
        get();
        startOverFresh();
        answer("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
        assertThat(target.conduct().isHttp10()).isTrue();
        answer(OK);
        assertThat(target.conduct().isHttp10()).isFalse();
    }

    @Test
    void answers_over_used_connections_prove_that_the_target_keeps_them() {
        get();
        for (int i = 0; i < PROOF; i++) {
            assertThat(target.conduct().trustsAtOnce(false, false)).isFalse();
            attempt = new Attempt(owner, answers, request, new FakeClientStream(allocator).ends(), target);
            startOverIdle();
            answer(OK);
            attempt.end();
        }
        assertThat(target.conduct().trustsAtOnce(false, false)).isTrue();
        assertThat(target.conduct().trustsAtOnce(true, true)).isFalse();
    }

    @Test
    void answers_over_connections_that_carried_content_are_proof_for_these() {
        get();
        for (int i = 0; i < PROOF; i++) {
            attempt = new Attempt(owner, answers, request, new FakeClientStream(allocator).ends(), target);
            idle().hadContentBefore = true;
            attempt.start(targets);
            answer(OK);
            attempt.end();
        }
        assertThat(target.conduct().trustsAtOnce(true, true)).isTrue();
    }

    @Test
    void answers_over_fresh_connections_prove_nothing() {
        get();
        for (int i = 0; i < PROOF; i++) {
            attempt = new Attempt(owner, answers, request, new FakeClientStream(allocator).ends(), target);
            startOverFresh();
            answer(OK);
            attempt.end();
        }
        assertThat(target.conduct().trustsAtOnce(false, false)).isFalse();
    }

    @Test
    void an_announced_keep_alive_is_passed_to_the_connection() {
        get();
        startOverFresh();
        answerWhole("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=7\r\nContent-Length: 0\r\n\r\n", false);
        assertThat(stream.keepAliveSeconds).isEqualTo(7);
    }

    @Test
    void a_connection_keeps_its_time_if_none_is_announced() {
        get();
        startOverFresh();
        answerWhole(OK, false);
        assertThat(stream.keepAliveSeconds).isEqualTo(-1);
    }
}
