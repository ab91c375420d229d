package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.http1.HeadWriter;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A server of HTTP/2 with prior knowledge, made of this room alone: answers each request with 200 and a few octets. For
 * conformance tests, before a connection of Turnout's own speaks it. It waits for no memory and knows no time.
 */
final class PlainServer implements AutoCloseable {

    private static final byte[] KEY = "dGhlIHNhbXBsZSBub25jZQ==".getBytes(ISO_8859_1);
    private static final byte[] BODY = "hello, world".getBytes(ISO_8859_1);
    private static final byte[] DATE = "Date: Fri, 27 Nov 2026 00:00:00 GMT\r\n".getBytes(ISO_8859_1);
    private static final byte[] LINES = "content-type: text/plain\r\n".getBytes(ISO_8859_1);

    private final NioEventLoopGroup loop = new NioEventLoopGroup(1);
    private final Channel channel;

    PlainServer() throws IOException {
        channel = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline().addLast(new Connection());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        loop.shutdownGracefully().syncUninterruptibly();
    }

    private static final class Stream {

        private final SendWindow send;
        private final ReceiveWindow receive;
        private final BodyLength length;
        private StreamState state = StreamState.OPEN;
        private int sent;
        private boolean isAnswering;

        Stream(int window, Http2Limits limits, long length) {
            this.send = new SendWindow(window);
            this.receive = new ReceiveWindow(limits.streamWindow(), limits.streamWindow());
            this.length = new BodyLength(length);
        }
    }

    private static final class Connection extends ChannelInboundHandlerAdapter {

        private final Http2Limits limits = Http2Limits.ofHeads(32 * 1024);
        private final FrameScanner scanner = new FrameScanner(limits.continuations(), limits.blockBytes());
        private final BlockReader reader = new BlockReader(limits.headerList());
        private final BlockWriter writer = new BlockWriter();
        private final HpackTable table = new HpackTable();
        private final PeerSettings settings = new PeerSettings(false);
        private final StreamIds ids = new StreamIds(true);
        private final FloodBudget flood = new FloodBudget(limits.floodBudget(), 0);
        private final SendWindow send = new SendWindow(PeerSettings.DEFAULT_WINDOW);
        private final ReceiveWindow receive = new ReceiveWindow(limits.connectionWindow(), PeerSettings.DEFAULT_WINDOW);
        private final Map<Integer, Stream> streams = new TreeMap<>();
        private final HeadWriter out = new HeadWriter();
        private final HeadWriter block = new HeadWriter();
        private @Nullable Violation ofBlock;
        private byte[] kept = {};
        private boolean begun;
        private boolean headerRead;
        private boolean isPassedBy;
        private boolean ended;
        private boolean isFirstBlock = true;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            byte[] all = Arrays.copyOf(kept, kept.length + in.readableBytes());
            in.readBytes(all, kept.length, in.readableBytes());
            in.release();
            int at = 0;
            int next = step(all, at);
            while (next > at && !ended) {
                at = next;
                next = step(all, at);
            }
            kept = Arrays.copyOfRange(all, at, all.length);
            answer();
            ByteBuf written = Unpooled.copiedBuffer(out.bytes(), 0, out.length());
            out.clear();
            context.writeAndFlush(written).addListener(ended ? ChannelFutureListener.CLOSE : future -> {});
        }

        private int step(byte[] bytes, int at) {
            int readable = bytes.length - at;
            if (!begun) {
                return preface(bytes, at);
            }
            if (!headerRead) {
                return readable < FrameScanner.HEADER_LENGTH ? at : header(bytes, at);
            }
            if (!isPassedBy && scanner.type() == FrameType.DATA) {
                return data(bytes, at);
            }
            return readable < scanner.length() ? at : payload(bytes, at);
        }

        private int preface(byte[] bytes, int at) {
            switch (Preface.of(bytes, at, bytes.length)) {
                case INCOMPLETE -> {
                    return at;
                }
                case OTHER -> {
                    end(Violation.BAD_PREFACE);
                    return at;
                }
                case WHOLE -> {
                    begun = true;
                    FrameWriter.serverSettings(limits, out);
                    FrameWriter.windowUpdate(0, receive.update(), out);
                }
            }
            return at + Preface.LENGTH;
        }

        private int header(byte[] bytes, int at) {
            Violation violation = scanner.header(Unpooled.wrappedBuffer(bytes).getLong(at), bytes[at + 8]);
            headerRead = true;
            isPassedBy = violation != null;
            note(violation, scanner.stream());
            int next = at + FrameScanner.HEADER_LENGTH;
            if (violation == null && scanner.type() == FrameType.DATA) {
                dataBegins();
            }
            return !ended && scanner.length() == 0 ? withoutPayload(bytes, next) : next;
        }

        private int withoutPayload(byte[] bytes, int at) {
            return scanner.type() == FrameType.DATA && !isPassedBy ? data(bytes, at) : payload(bytes, at);
        }

        private int payload(byte[] bytes, int at) {
            headerRead = false;
            if (!isPassedBy) {
                Violation violation = scanner.payload(bytes, at);
                if (scanner.type() == FrameType.HEADERS || scanner.type() == FrameType.CONTINUATION) {
                    if (violation != null && violation.endsConnection()) {
                        end(violation);
                    } else {
                        fragment(bytes, violation);
                    }
                } else {
                    note(violation, scanner.stream());
                    if (violation == null) {
                        control(bytes, at);
                    }
                }
            }
            return at + scanner.length();
        }

        private void control(byte[] bytes, int at) {
            int id = scanner.stream();
            Stream stream = streams.get(id);
            if (id != 0 && stream == null && scanner.type() != FrameType.UNKNOWN) {
                if (ids.fateOf(scanner.type(), id) == StreamIds.Fate.VIOLATES) {
                    note(ids.violation(), id);
                }
                return;
            }
            switch (scanner.type()) {
                case SETTINGS -> settings(bytes, at);
                case PING -> {
                    pay(FloodBudget.Cost.PING);
                    if (!scanner.isAcknowledgement()) {
                        FrameWriter.ping(scanner.opaque(), true, out);
                    }
                }
                case WINDOW_UPDATE -> {
                    if (scanner.increment() < FloodBudget.SMALL_UPDATE) {
                        pay(FloodBudget.Cost.SMALL_UPDATE);
                    }
                    if (stream == null && !send.change(scanner.increment())) {
                        end(Violation.WINDOW_OVERFLOW);
                    } else if (stream != null && !stream.send.change(scanner.increment())) {
                        note(Violation.STREAM_WINDOW_OVERFLOW, id);
                    }
                }
                case RST_STREAM -> {
                    pay(FloodBudget.Cost.RESET);
                    gone(id, StreamIds.End.RESET_BY_PEER);
                }
                default -> pay(FloodBudget.Cost.NOTHING);
            }
        }

        private void settings(byte[] bytes, int at) {
            if (scanner.isAcknowledgement()) {
                return;
            }
            pay(FloodBudget.Cost.SETTINGS);
            int before = settings.initialWindow();
            note(settings.take(bytes, at, at + scanner.length()), 0);
            for (Stream stream : streams.values()) {
                if (!stream.send.change(settings.initialWindow() - before)) {
                    end(Violation.WINDOW_OVERFLOW);
                }
            }
            FrameWriter.settingsAcknowledgement(out);
        }

        private void fragment(byte[] bytes, @Nullable Violation violation) {
            if (scanner.type() == FrameType.HEADERS) {
                block.clear();
                ofBlock = violation;
            } else {
                pay(FloodBudget.Cost.CONTINUATION);
            }
            block.append(bytes, scanner.fragmentStart(), scanner.fragmentEnd());
            if (scanner.isEndOfBlock()) {
                block(scanner.stream(), streams.get(scanner.stream()));
            }
        }

        private void block(int id, @Nullable Stream stream) {
            if (stream != null) {
                Violation violation = stream.state.receives(FrameType.HEADERS);
                if (violation == null && !scanner.endsStream()) {
                    violation = Violation.MALFORMED;
                }
                take(reader.trailer(table, block.bytes(), 0, block.length()), violation, id, stream);
                return;
            }
            switch (ids.fateOf(FrameType.HEADERS, id)) {
                case VIOLATES -> note(ids.violation(), id);
                case IGNORED -> reader.skip(table, block.bytes(), 0, block.length());
                case OPENS -> {
                    ids.opened(id);
                    BlockVerdict verdict =
                            reader.request(table, block.bytes(), 0, block.length(), scanner.endsStream(), KEY);
                    long length = scanner.endsStream() ? -1 : length();
                    boolean isOver = streams.size() >= limits.concurrentStreams();
                    Stream next = new Stream(settings.initialWindow(), limits, length);
                    streams.put(id, next);
                    take(verdict, isOver ? Violation.TOO_MANY_STREAMS : ofBlock, id, next);
                }
            }
        }

        private long length() {
            String head = new String(reader.head().bytes(), 0, reader.head().length(), ISO_8859_1);
            int at = head.indexOf("\r\ncontent-length: ");
            return at < 0 ? -1 : Long.parseLong(head.substring(at + 18, head.indexOf('\r', at + 2)));
        }

        private void take(BlockVerdict verdict, @Nullable Violation violation, int id, Stream stream) {
            switch (verdict) {
                case BROKEN -> end(Violation.BAD_COMPRESSION);
                case TOO_COSTLY -> end(Violation.BLOCK_TOO_LARGE);
                case MALFORMED -> note(violation == null ? Violation.MALFORMED : violation, id);
                case TOO_LARGE, UNSUPPORTED, WHOLE -> {
                    if (violation != null) {
                        note(violation, id);
                    } else if (scanner.endsStream()) {
                        endedByPeer(id, stream);
                    }
                }
            }
        }

        private void dataBegins() {
            int id = scanner.stream();
            Stream stream = streams.get(id);
            Violation violation = null;
            if (stream != null) {
                violation = stream.state.receives(FrameType.DATA);
            } else if (ids.fateOf(FrameType.DATA, id) == StreamIds.Fate.VIOLATES) {
                violation = ids.violation();
            }
            if (!receive.receive(scanner.length())) {
                violation = Violation.WINDOW_EXCEEDED;
            } else if (stream != null && violation == null && !stream.receive.receive(scanner.length())) {
                violation = Violation.STREAM_WINDOW_EXCEEDED;
            }
            if (scanner.length() == 0 && !scanner.endsStream()) {
                pay(FloodBudget.Cost.EMPTY_DATA);
            }
            note(violation, id);
        }

        private int data(byte[] bytes, int at) {
            int next = at;
            if (scanner.wantsPadding()) {
                if (next == bytes.length) {
                    return at;
                }
                note(scanner.padding(bytes[next++]), 0);
                if (ended) {
                    return next;
                }
            }
            int count = Math.min(scanner.dataRemaining(), bytes.length - next);
            Stream stream = streams.get(scanner.stream());
            if (stream != null && !stream.length.receive(count)) {
                note(Violation.WRONG_LENGTH, scanner.stream());
            }
            scanner.skipData(count);
            next += count;
            if (scanner.dataRemaining() == 0) {
                int padding = Math.min(scanner.paddingRemaining(), bytes.length - next);
                scanner.skipPadding(padding);
                next += padding;
                if (scanner.paddingRemaining() == 0) {
                    dataEnds();
                }
            }
            return next;
        }

        private void dataEnds() {
            headerRead = false;
            int id = scanner.stream();
            receive.consume(scanner.length());
            update(0, receive.update());
            Stream stream = streams.get(id);
            if (stream == null) {
                return;
            }
            stream.receive.consume(scanner.length());
            if (!scanner.endsStream()) {
                update(id, stream.receive.update());
            } else if (stream.length.mayEnd()) {
                endedByPeer(id, stream);
            } else {
                note(Violation.WRONG_LENGTH, id);
            }
        }

        private void update(int id, int increment) {
            if (increment > 0) {
                FrameWriter.windowUpdate(id, increment, out);
            }
        }

        private void endedByPeer(int id, Stream stream) {
            stream.state = stream.state.endedByPeer();
            stream.isAnswering = true;
            int begun = FrameWriter.beginBlock(out);
            if (isFirstBlock) {
                writer.first(out);
                isFirstBlock = false;
            }
            writer.reply(200, LINES, DATE, out);
            FrameWriter.endBlock(begun, id, false, settings.frameSize(), out);
        }

        /** Sends what the windows allow. */
        private void answer() {
            for (Map.Entry<Integer, Stream> entry : Map.copyOf(streams).entrySet()) {
                Stream stream = entry.getValue();
                int count = Math.min(Math.min(send.available(), stream.send.available()), BODY.length - stream.sent);
                if (stream.isAnswering && count > 0 && !ended) {
                    send.spend(count);
                    stream.send.spend(count);
                    boolean isLast = stream.sent + count == BODY.length;
                    FrameWriter.dataHeader(count, isLast, entry.getKey(), out);
                    out.append(BODY, stream.sent, stream.sent + count);
                    stream.sent += count;
                    flood.dataPassed();
                    if (isLast) {
                        flood.requestCompleted();
                        gone(entry.getKey(), StreamIds.End.WHOLE);
                    }
                }
            }
        }

        private void gone(int id, StreamIds.End how) {
            if (streams.remove(id) != null) {
                ids.ended(id, how);
            }
        }

        private void pay(FloodBudget.Cost cost) {
            if (!flood.pay(cost, 0)) {
                end(Violation.FLOOD);
            }
        }

        private void note(@Nullable Violation violation, int id) {
            if (violation == null || ended) {
                return;
            }
            if (violation.endsConnection()) {
                end(violation);
            } else {
                pay(FloodBudget.Cost.RESET);
                FrameWriter.reset(id, violation.code(), out);
                gone(id, StreamIds.End.RESET_HERE);
            }
        }

        private void end(Violation violation) {
            if (!ended) {
                ended = true;
                FrameWriter.goAway(
                        ids.highest(), violation.code(), violation.explanation().getBytes(ISO_8859_1), out);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!(cause instanceof IOException)) {
                cause.printStackTrace();
            }
            context.close();
        }
    }

    /** Serves until it is stopped, and says at which port. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(new PlainServer().port());
    }
}
