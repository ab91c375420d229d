package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.body.EndReason;
import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.http1.ChunkScanner;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.loop.MissingDescriptors;
import dev.turnout.proxy.route.Retirement;
import dev.turnout.routing.Service;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Up to three exchanges at a time that share the connections to their targets, the bytes that each side has sent, and
 * what must hold after each event.
 */
final class ExchangeModel {

    static final int MOST_AT_A_TIME = 3;

    /** What a target sends beyond its response. No client may get it. */
    private static final char OVERRUN = '!';

    private static final int LETTERS = 26;

    /** What a client asks. In the body each request has its own letter. */
    enum Question {
        GET("GET", "", ""),
        HEAD("HEAD", "", ""),
        POST_EMPTY("POST", "Content-Length: 0\r\n", ""),
        POST("POST", "Content-Length: 4\r\n", "####"),
        PUT("PUT", "Content-Length: 4\r\n", "####"),
        DELETE("DELETE", "Content-Length: 4\r\n", "####"),
        CHUNKED("POST", "Transfer-Encoding: chunked\r\n", "4\r\n####\r\n0\r\n\r\n"),
        EXPECTING("POST", "Expect: 100-continue\r\nContent-Length: 4\r\n", "####"),
        UPGRADE("GET", "Connection: Upgrade\r\nUpgrade: websocket\r\n", "");

        private final String method;
        private final String lines;
        private final String body;

        Question(String method, String lines, String body) {
            this.method = method;
            this.lines = lines;
            this.body = body;
        }

        private boolean leavesConnectionClean() {
            return body.isEmpty() || this == POST || this == PUT || this == EXPECTING;
        }

        private MessageBody framing() {
            return this == CHUNKED
                    ? MessageBody.chunked(100, ChunkScanner.NO_FRAMING)
                    : MessageBody.ofLength(body.length());
        }
    }

    /** What a target answers. In the body is the letter of the request. */
    enum Answer {
        LENGTH("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n", "####", true),
        EMPTY("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", "", true),
        CHUNKED("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n", "4\r\n####\r\n0\r\n\r\n", true),
        UNTIL_CLOSE("HTTP/1.1 200 OK\r\nConnection: close\r\n", "####", false),
        OLD("HTTP/1.0 200 OK\r\nContent-Length: 4\r\n", "####", false),
        CLOSING("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 4\r\n", "####", false),
        IDLE_TIMEOUT("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n", "", false),
        EVENTS(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n",
                "9\r\ndata: #\n\n\r\n3\r\n: #\r\n3\r\n#\n\n\r\n0\r\n\r\n",
                true),
        LINES(
                "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n",
                "3\r\n##\n\r\n2\r\n##\r\n1\r\n\n\r\n0\r\n\r\n",
                true),
        NOT_MODIFIED("HTTP/1.1 304 Not Modified\r\n", "", true),
        NOT_MODIFIED_WITH_LENGTH("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n", "", false),
        SWITCHING("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n", "", false);

        private final String head;
        private final String body;
        private final boolean keeps;

        Answer(String head, String body, boolean keeps) {
            this.head = head;
            this.body = body;
            this.keeps = keeps;
        }

        private boolean isEndless() {
            return this == EVENTS || this == LINES;
        }

        private boolean announcesBody() {
            return head.contains("Content-Length: 4") || head.contains("chunked");
        }
    }

    /** One request and its client. */
    private static final class Party {

        private final FakeClientStream client;
        private final Question question;
        private final char letter;
        private final String whole;
        private String unsent;
        private Exchange exchange;

        Party(FakeClientStream client, Question question, char letter) {
            this.client = client;
            this.question = question;
            this.letter = letter;
            this.unsent = question.body.replace('#', letter);
            this.whole = head() + unsent;
        }

        private String head() {
            return question.method + " /" + letter + " HTTP/1.1\r\nHost: a\r\n" + question.lines + "\r\n";
        }

        private boolean isLive() {
            return !exchange.isOver();
        }

        private FakeTargetStream stream() {
            return (FakeTargetStream) exchange.relay().stream();
        }
    }

    /** What a target knows of the request that a connection carries at the moment. */
    private static final class Wire {

        private final int use;
        private final Party party;
        private Answer answer;
        private String unsent = "";
        private boolean hadWholeRequest;
        private boolean isBodiless;
        private boolean isSpoilt;
        private boolean isJudged;

        Wire(int use, Party party) {
            this.use = use;
            this.party = party;
        }

        private void answer(Answer given) {
            answer = given;
            isBodiless = party.question == Question.HEAD || given.body.isEmpty();
            unsent = isBodiless ? "" : given.body.replace('#', party.letter);
        }

        /** Returns true if the next request may come over this connection. */
        private boolean mayBeKept() {
            return answer != null
                    && answer.keeps
                    && unsent.isEmpty()
                    && hadWholeRequest
                    && !isSpoilt
                    && !(isBodiless && answer.announcesBody())
                    && party.question.leavesConnectionClean();
        }
    }

    private final ExchangeFixture fixture = new ExchangeFixture(false, ExchangeFixture.FIRST, ExchangeFixture.SECOND);
    private final FakeTargets targets = fixture.targets;
    private final List<Party> parties = new ArrayList<>();
    private final Map<FakeTargetStream, Wire> wires = new IdentityHashMap<>();

    // --- The client ------------------------------------------------------------------------------------------------

    boolean mayStart() {
        return parties.stream().filter(Party::isLive).count() < MOST_AT_A_TIME;
    }

    /** @param sent how many bytes of the body come with the head */
    void start(Question question, int sent) {
        char letter = (char) ('A' + parties.size() % LETTERS);
        Party party = new Party(new FakeClientStream(fixture.allocator), question, letter);
        String first = take(party, sent);
        parties.add(party);
        party.exchange =
                fixture.exchange(party.client, party.head(), question.framing(), first.isEmpty() ? null : first);
        party.exchange.start(Service.DEFAULT, fixture.affinity(party.head()));
    }

    private static String take(Party party, int count) {
        int taken = Math.min(count, party.unsent.length());
        String first = party.unsent.substring(0, taken);
        party.unsent = party.unsent.substring(taken);
        return first;
    }

    private Party party(int index) {
        List<Party> live = parties.stream().filter(Party::isLive).toList();
        return live.isEmpty() ? null : live.get(index % live.size());
    }

    boolean isLive(int index) {
        return party(index) != null;
    }

    boolean takesBody(int index) {
        Party party = party(index);
        return party != null && party.exchange.relay().takesBody();
    }

    /** Has a client send so many bytes of its body, or of a tunnel. */
    void sendBody(int index, int count) {
        Party party = party(index);
        boolean isTunnel = party.question == Question.UPGRADE;
        pass(party, isTunnel ? String.valueOf(party.letter) : take(party, count));
    }

    void breakBody(int index) {
        pass(party(index), "no chunk");
    }

    boolean isChunkDue(int index) {
        Party party = party(index);
        return takesBody(index) && party.question == Question.CHUNKED && party.unsent.startsWith("4");
    }

    private void pass(Party party, String text) {
        ByteBuf in = fixture.buffer(text);
        party.exchange.relay().requestBody(in);
        in.release();
    }

    void leave(int index) {
        party(index).exchange.clientGone();
    }

    void endInput(int index) {
        Exchange exchange = party(index).exchange;
        if (!exchange.relay().clientInputEnded()) {
            exchange.clientGone();
        }
    }

    void toggleClient(int index) {
        Party party = party(index);
        party.client.takesMore = !party.client.takesMore;
        party.client.backlog = party.client.takesMore ? 0 : 10;
        party.exchange.relay().clientWritabilityChanged();
    }

    // --- The way to the target -------------------------------------------------------------------------------------

    boolean isConnecting() {
        return !targets.waiting.isEmpty();
    }

    void open() {
        targets.open();
    }

    void openBroken() {
        FakeTargetStream stream = targets.stream();
        stream.outputBroken = true;
        targets.open(stream);
    }

    void openAndEnd() {
        FakeTargetStream stream = targets.stream();
        stream.endsAtFlush = true;
        targets.open(stream);
    }

    void refuse(int how) {
        targets.refuse(
                switch (how % 3) {
                    case 0 -> new IOException("refused");
                    case 1 -> new ConnectTimeoutException("late");
                    default -> MissingDescriptors.failure();
                });
    }

    boolean hasIdle() {
        return !targets.idle.isEmpty();
    }

    void endIdle() {
        targets.idle.peek().end();
    }

    void breakIdle() {
        targets.idle.peek().outputBroken = true;
    }

    void breakIdleAtFlush() {
        targets.idle.peek().endsAtFlush = true;
    }

    // --- The target ------------------------------------------------------------------------------------------------

    boolean hasConnection(int index) {
        Party party = party(index);
        return party != null && party.stream() != null;
    }

    private boolean isAnswered(int index) {
        return hasConnection(index) && wire(party(index)).answer != null;
    }

    boolean mayAnswer(int index) {
        return hasConnection(index) && !isAnswered(index);
    }

    boolean maySendBody(int index) {
        return isAnswered(index);
    }

    /** Returns what the target knows of the request that has come last over a connection. */
    private Wire wire(Party party) {
        FakeTargetStream stream = party.stream();
        Wire wire = wires.get(stream);
        if (wire == null || wire.use != stream.begun) {
            wire = new Wire(stream.begun, party);
            wires.put(stream, wire);
        }
        return wire;
    }

    void interim(int index) {
        Party party = party(index);
        wire(party);
        TargetStream.Listener listener = party.stream().listener;
        listener.responseBytes();
        ByteBuf in = fixture.buffer("HTTP/1.1 103 Early Hints\r\n\r\n");
        fixture.context.scratch().scanResponse(in);
        listener.interimResponse(fixture.context.scratch().responseHead());
        in.release();
    }

    /** @param amount how much of the body comes with the head */
    void answer(int index, Answer answer, int amount) {
        Party party = party(index);
        Wire wire = wire(party);
        FakeTargetStream stream = party.stream();
        wire.answer(answer);
        wire.hadWholeRequest = stream.written.toString().equals(party.whole) && stream.backlog == 0;
        TargetStream.Listener listener = stream.listener;
        listener.responseBytes();
        ResponseHead head = fixture.context.scratch().responseHead();
        ByteBuf in = fixture.buffer(answer.head + "\r\n" + piece(wire, amount));
        int length = fixture.context.scratch().scanResponse(in);
        if (!head.isSwitchingProtocols()) {
            listener.responseHead(head, length, in);
        } else if (!listener.switchProtocols(head, length, in)) {
            in.release();
            listener.badResponse(Rejection.UNASKED_UPGRADE);
        }
    }

    private static String piece(Wire wire, int amount) {
        int length = wire.unsent.length();
        int count =
                switch (amount) {
                    case 0 -> 0;
                    case 1 -> Math.min(1, length);
                    case 2 -> length / 2;
                    default -> length;
                };
        String piece = wire.unsent.substring(0, count);
        wire.unsent = wire.unsent.substring(count);
        boolean isOverrun = amount == 4 && wire.answer != Answer.UNTIL_CLOSE && wire.answer != Answer.SWITCHING;
        wire.isSpoilt |= isOverrun;
        return isOverrun ? piece + OVERRUN : piece;
    }

    void sendResponse(int index, int amount) {
        Party party = party(index);
        Wire wire = wire(party);
        String piece = piece(wire, amount);
        if (!piece.isEmpty()) {
            party.stream().listener.responseBody(fixture.buffer(piece));
        }
    }

    void breakResponse(int index) {
        Party party = party(index);
        wire(party).isSpoilt |= wire(party).answer == Answer.CHUNKED;
        if (wire(party).answer == null) {
            party.stream().listener.badResponse(Rejection.BAD_CHUNK);
        } else if (wire(party).answer == Answer.CHUNKED) {
            party.stream().listener.responseBody(fixture.buffer("no chunk\r\n"));
        }
    }

    void endConnection(int index, boolean readFails) {
        FakeTargetStream stream = party(index).stream();
        if (readFails) {
            stream.listener.readFailed();
        }
        stream.end();
    }

    void breakOutput(int index) {
        party(index).stream().outputBroken = true;
    }

    void toggleTarget(int index) {
        FakeTargetStream stream = party(index).stream();
        stream.takesMore = !stream.takesMore;
        stream.backlog = stream.takesMore ? 0 : 10;
        stream.listener.writabilityChanged();
    }

    // --- Turnout ---------------------------------------------------------------------------------------------------

    void pause() {
        fixture.publish(true, List.of(ExchangeFixture.FIRST, ExchangeFixture.SECOND));
    }

    void resume() {
        fixture.publish(false, List.of(ExchangeFixture.FIRST, ExchangeFixture.SECOND));
        fixture.context.releasePaused();
        fixture.runDue();
    }

    void timeOut(int index) {
        party(index).exchange.timedOut();
    }

    void fireTimer(int index) {
        party(index).exchange.relay().timer().timedOut();
    }

    void goOn(int index) {
        party(index).exchange.goOn();
    }

    boolean hasTarget(int index) {
        return isLive(index) && party(index).exchange.target() != null;
    }

    void cut(int index) {
        party(index).exchange.cut(LocalReplies.DRAIN_TIMEOUT);
    }

    boolean isRetirable(int index) {
        return isLive(index) && party(index).exchange.isRetirable();
    }

    void retire(int index, int seconds) {
        Exchange exchange = party(index).exchange;
        Retirement retirement = Retirement.within(Duration.ofSeconds(seconds), EndReason.REPLACED, 1);
        exchange.target().retire(retirement);
        exchange.retire(retirement, 0);
        fixture.runDue();
    }

    void pass(int millis) {
        fixture.pass(Duration.ofMillis(millis));
        fixture.channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        fixture.channel.runScheduledPendingTasks();
    }

    // --- What must hold --------------------------------------------------------------------------------------------

    /** Checks all that must hold after each event. */
    void check() {
        long ended = parties.stream().filter(party -> !party.isLive()).count();
        assertThat(fixture.records).as("records of exchanges that have ended").hasSize((int) ended);
        long claims = parties.stream()
                .filter(party -> party.isLive() && party.exchange.target() != null)
                .count();
        assertThat(fixture.inFlight()).as("requests in flight").isEqualTo(claims);
        Set<FakeTargetStream> used = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Party party : parties) {
            check(party, used);
        }
        for (FakeTargetStream stream : targets.all) {
            check(stream, used.contains(stream));
        }
    }

    private static void check(Party party, Set<FakeTargetStream> used) {
        String name = "request " + party.letter;
        assertThat(party.client.ends).as("ends of " + name).hasSizeLessThan(2);
        assertThat(party.client.ends.isEmpty() || !party.isLive())
                .as("no end before the end of " + name)
                .isTrue();
        assertThat(party.client.body.chars().filter(c -> c >= 'A' && c <= 'Z' || c == OVERRUN))
                .as("bytes of others that the client got with " + name)
                .allMatch(c -> c == party.letter);
        FakeTargetStream stream = party.stream();
        if (party.isLive() && stream != null) {
            assertThat(used.add(stream))
                    .as("a connection of its own for " + name)
                    .isTrue();
            String written = stream.written.toString();
            boolean isTunnel = party.question == Question.UPGRADE && written.startsWith(party.whole);
            assertThat(isTunnel || party.whole.startsWith(written))
                    .as("the connection carries no bytes but those of %s: %s", name, written)
                    .isTrue();
        } else {
            assertThat(stream).as("connection after the end of " + name).isNull();
        }
    }

    private void check(FakeTargetStream stream, boolean isUsed) {
        boolean isIdle = targets.idle.contains(stream);
        int places = (isUsed ? 1 : 0) + (isIdle ? 1 : 0) + (stream.closed ? 1 : 0);
        assertThat(places).as("used, idle or closed, and only one of these").isEqualTo(1);
        assertThat(stream.listener != null)
                .as("is told of by a connection in use")
                .isEqualTo(isUsed);
        Wire wire = wires.get(stream);
        if (stream.released && (wire == null || !wire.isJudged || wire.use != stream.begun)) {
            assertThat(wire != null && wire.use == stream.begun)
                    .as("no connection is given back before it has carried an answer")
                    .isTrue();
            wire.isJudged = true;
            boolean mayBeKept = wire.mayBeKept() && !stream.outputBroken;
            // A stream that Turnout has ended costs its connection, even if the target has ended the stream too.
            assertThat(stream.kept || wire.answer.isEndless() && mayBeKept)
                    .as("a connection is kept after %s and %s", wire.party.question, wire.answer)
                    .isEqualTo(mayBeKept);
        }
    }

    @Override
    public String toString() {
        return parties.stream()
                .map(party -> party.letter + ": " + party.question + " " + party.exchange.phase() + " "
                        + party.client.heads + party.client.ends)
                .toList()
                .toString();
    }

    /** Ends all exchanges, and checks that nothing is left of them. */
    void finish() {
        parties.stream().filter(Party::isLive).forEach(party -> party.exchange.clientGone());
        while (isConnecting()) {
            open();
        }
        pass(60_000);
        check();
        assertThat(fixture.inFlight()).isZero();
        fixture.assertReleased();
    }
}
