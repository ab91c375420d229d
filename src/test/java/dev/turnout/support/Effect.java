package dev.turnout.support;

import dev.turnout.support.wire.Body;
import dev.turnout.support.wire.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What a {@link Backend} does with one request, from the well-behaved to the hostile. */
@FunctionalInterface
public interface Effect {

    /** Acts on a request whose head has arrived. Runs on the connection's own thread and may block. */
    void on(TargetExchange exchange) throws IOException;

    /** 200 with a text, framed by its length. */
    static Effect ok(String text) {
        return new Respond(200, List.of("Content-Type: text/plain"), text.getBytes(StandardCharsets.UTF_8));
    }

    /** An answer with a status, framed by its length. */
    static Effect status(int status, String text) {
        return new Respond(status, List.of("Content-Type: text/plain"), text.getBytes(StandardCharsets.UTF_8));
    }

    /** These very bytes (ISO 8859-1) as the response; the connection stays open. */
    static Effect raw(String bytes) {
        return raw(bytes, SocketEnd.STALL);
    }

    /** These very bytes (ISO 8859-1) as the response, and then an ending. */
    static Effect raw(String bytes, SocketEnd ending) {
        return new Raw(bytes.getBytes(StandardCharsets.ISO_8859_1), ending);
    }

    /** Reads the request, answers nothing and ends. */
    static Effect cutBeforeHead(SocketEnd ending) {
        return raw("", ending);
    }

    /** Ends in the middle of the response's head. */
    static Effect cutInHead(SocketEnd ending) {
        return raw("HTTP/1.1 200 OK\r\nContent-Le", ending);
    }

    /** Ends when only half of the announced body is sent. */
    static Effect cutInBody(SocketEnd ending) {
        return raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", ending);
    }

    /** Ends in the middle of a chunk. */
    static Effect cutInChunk(SocketEnd ending) {
        return raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\na\r\nhalf", ending);
    }

    /** Waits for the test's word before another effect. */
    static Effect heldUntil(CountDownLatch word, Effect then) {
        return new Held(word, then);
    }

    /** A response with its length. The whole request is read first. */
    record Respond(int status, List<String> lines, byte[] body) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            exchange.readBody();
            exchange.send(bytes(exchange.head().method().equals("HEAD")));
        }

        private byte[] bytes(boolean headOnly) {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Some Reason\r\n");
            lines.forEach(line -> head.append(line).append("\r\n"));
            head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            if (!headOnly) {
                all.writeBytes(body);
            }
            return all.toByteArray();
        }
    }

    /** Exact bytes, whatever they mean, and then an ending. The whole request is read first. */
    record Raw(byte[] bytes, SocketEnd ending) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            exchange.readBody();
            exchange.send(bytes);
            exchange.end(ending);
        }
    }

    /** Exact bytes in small pieces with pauses, and then an ending. */
    record Dribble(byte[] bytes, int piece, Duration pause, SocketEnd ending) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            exchange.readBody();
            for (int at = 0; at < bytes.length; at += piece) {
                exchange.send(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece)));
                exchange.pause(pause);
            }
            exchange.end(ending);
        }
    }

    /** Answers as soon as the head has arrived, without a look at the body; then an ending, or the body is read. */
    record EarlyResponse(byte[] bytes, SocketEnd ending) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            exchange.send(bytes);
            exchange.end(ending);
        }
    }

    /** Ends as soon as the head has arrived, without reading the body. */
    record EndUnread(SocketEnd ending) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            exchange.end(ending);
        }
    }

    /** Reads nothing more and says nothing until the backend is closed. */
    record Deaf() implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            exchange.await(new CountDownLatch(1));
        }
    }

    /** Waits for the test's word before another effect, with the body unread: it piles up on its way here. */
    record Unread(CountDownLatch word, Effect then) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            exchange.await(word);
            then.on(exchange);
        }
    }

    /** These very bytes (ISO 8859-1), each piece sent by itself, before another effect: interim responses, say. */
    record First(List<String> pieces, Effect then) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            for (String piece : pieces) {
                exchange.send(piece.getBytes(StandardCharsets.ISO_8859_1));
            }
            then.on(exchange);
        }
    }

    /** Announces keep-alive with a whole answer, and ends the connection all the same, at once. */
    record KeepAliveLie(SocketEnd ending) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            new Respond(
                            200,
                            List.of("Connection: keep-alive", "Keep-Alive: timeout=600"),
                            "lie".getBytes(StandardCharsets.US_ASCII))
                    .on(exchange);
            exchange.end(ending);
        }
    }

    /** A whole answer; then the connection ends just as the next request's first byte arrives. */
    record EndWhenReused(Effect answer, SocketEnd ending) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            answer.on(exchange);
            exchange.awaitNextByte();
            exchange.end(ending);
        }
    }

    /** Waits for the test's word before another effect. The whole request is read first. */
    record Held(CountDownLatch word, Effect then) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            exchange.readBody();
            exchange.await(word);
            then.on(exchange);
        }
    }

    /** Bytes as the test hands them over, each piece by itself; an empty piece ends the connection. */
    record Fed(BlockingQueue<byte[]> pieces) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            exchange.readBody();
            try {
                for (byte[] piece = pieces.take(); piece.length > 0; piece = pieces.take()) {
                    exchange.send(piece);
                }
            } catch (InterruptedException e) {
                throw new IOException("the backend was closed", e);
            }
            exchange.end(SocketEnd.CLOSE);
        }
    }

    /** One effect for the paths that begin in a way, and another for all others. */
    record ByPath(String prefix, Effect these, Effect others) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            boolean isThese = exchange.head().target().startsWith(prefix);
            (isThese ? these : others).on(exchange);
        }
    }

    /** Takes its time before another effect. */
    record Slow(Duration time, Effect then) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            exchange.readBody();
            exchange.pause(time);
            then.on(exchange);
        }
    }

    /** One effect after the other, and from the start again. */
    final class InTurn implements Effect {

        private final List<Effect> effects;
        private final AtomicInteger turn = new AtomicInteger();

        public InTurn(Effect... effects) {
            this.effects = List.of(effects);
        }

        @Override
        public void on(TargetExchange exchange) throws IOException {
            effects.get(turn.getAndIncrement() % effects.size()).on(exchange);
        }
    }

    /** A generated body with its length. */
    record Download(Payload payload) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            exchange.readBody();
            exchange.send(("HTTP/1.1 200 OK\r\nContent-Length: " + payload.length() + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            payload.writeTo(exchange.out());
        }
    }

    /** Another effect, and then an ending. */
    record Ended(Effect first, SocketEnd ending) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            first.on(exchange);
            exchange.end(ending);
        }
    }

    /** Answers an upload with {@code LENGTH CRC}, as they arrived. */
    record Receive() implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            Body body = exchange.readBody();
            ok(body.length() + " " + body.crc()).on(exchange);
        }
    }

    /**
     * A well-behaved application: {@code /slow?MILLIS} takes its time, {@code /download?BYTES} sends a {@link Payload}
     * whose seed is its length, {@code /upload} answers with length and checksum, and everything else with its name.
     */
    record Application(String name) implements Effect {
        @Override
        public void on(TargetExchange exchange) throws IOException {
            String[] parts = exchange.head().target().split("\\?", 2);
            switch (parts[0]) {
                case "/slow" -> new Slow(Duration.ofMillis(Long.parseLong(parts[1])), ok(name)).on(exchange);
                case "/download" -> {
                    long length = Long.parseLong(parts[1]);
                    new Download(new Payload(length, length)).on(exchange);
                }
                case "/upload" -> new Receive().on(exchange);
                default -> ok(name).on(exchange);
            }
        }
    }
}
