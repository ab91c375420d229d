package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What holds of {@link FrameScanner} whatever a peer sends. */
final class FrameProperties {

    private static final int MOST_CONTINUATIONS = 8;
    private static final int MOST_BLOCK_BYTES = 600;
    private static final int MOST_INPUT = 4096;
    private static final byte[] SETTINGS = Blocks.hex("000000 04 00 00000000");

    private FrameProperties() {}

    /** Checks them, for the input by itself and behind a first SETTINGS. */
    static void hold(byte[] all) {
        byte[] input = Arrays.copyOf(all, Math.min(all.length, MOST_INPUT));
        doesNotDependOnSplits(input);
        byte[] begun = Arrays.copyOf(SETTINGS, SETTINGS.length + input.length);
        System.arraycopy(input, 0, begun, SETTINGS.length, input.length);
        FrameFeed whole = doesNotDependOnSplits(begun);
        if (whole.events().stream().noneMatch(FrameProperties::isViolation)) {
            assertThat(joined(whole.events())).isEqualTo(joined(readByNetty(begun)));
        }
    }

    private static FrameFeed doesNotDependOnSplits(byte[] input) {
        FrameFeed whole = fed(input, input.length + 1);
        for (int piece : new int[] {1, 2, 7, 9, 64}) {
            FrameFeed pieces = fed(input, piece);
            assertThat(pieces.events()).as("in pieces of " + piece).isEqualTo(whole.events());
            assertThat(pieces.end()).isEqualTo(whole.end());
        }
        return whole;
    }

    private static FrameFeed fed(byte[] input, int piece) {
        FrameFeed feed = new FrameFeed(new FrameScanner(MOST_CONTINUATIONS, MOST_BLOCK_BYTES));
        for (int at = 0; at < input.length; at += piece) {
            feed.feed(input, at, Math.min(input.length, at + piece));
        }
        return feed;
    }

    private static boolean isViolation(String event) {
        return Arrays.stream(Violation.values()).anyMatch(violation -> event.startsWith(violation + " "));
    }

    /** Netty tells of a block once it is whole, and never of its parts: those of one block are joined. */
    private static List<String> joined(List<String> events) {
        List<String> joined = new ArrayList<>();
        StringBuilder block = new StringBuilder();
        for (String event : events) {
            boolean isWhole = event.matches("(?s)(HEADERS|CONTINUATION) \\d+( ends)? whole .*");
            if (isWhole || event.matches("(?s)(HEADERS|CONTINUATION) \\d+( ends)? part .*")) {
                String mark = isWhole ? " whole " : " part ";
                int fragment = event.indexOf(mark) + mark.length();
                block.append(event, fragment, event.length());
                if (isWhole) {
                    boolean ends = event.substring(0, fragment).contains(" ends ");
                    joined.add(event.split(" ")[1] + (ends ? " ends " : " ") + block);
                    block.setLength(0);
                }
            } else if (event.startsWith("SETTINGS 0 ") && !event.startsWith("SETTINGS 0 ack ")) {
                joined.add("SETTINGS");
            } else if (!event.startsWith("PRIORITY") && !event.startsWith("UNKNOWN")) {
                joined.add(event);
            }
        }
        return joined;
    }

    private static List<String> readByNetty(byte[] input) {
        NettyEvents events = new NettyEvents();
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        ByteBuf in = Unpooled.wrappedBuffer(input);
        DefaultHttp2FrameReader reader = new DefaultHttp2FrameReader(new Fragments());
        try {
            reader.readFrame(channel.pipeline().firstContext(), in, events);
        } catch (Http2Exception e) {
            throw new AssertionError("Only Netty refuses it", e);
        } finally {
            reader.close();
            channel.finishAndReleaseAll();
        }
        return events.lines;
    }

    /** Decodes nothing: the fragment becomes the one field of the headers. */
    private static final class Fragments implements Http2HeadersDecoder, Http2HeadersDecoder.Configuration {

        private final Http2HeadersDecoder.Configuration limits = new DefaultHttp2HeadersDecoder().configuration();

        @Override
        public Http2Headers decodeHeaders(int stream, ByteBuf block) {
            byte[] bytes = ByteBufUtil.getBytes(block);
            block.skipBytes(block.readableBytes());
            return new DefaultHttp2Headers(false).add(new AsciiString("a"), new AsciiString(bytes));
        }

        @Override
        public Http2HeadersDecoder.Configuration configuration() {
            return this;
        }

        @Override
        public void maxHeaderTableSize(long max) {}

        @Override
        public long maxHeaderTableSize() {
            return limits.maxHeaderTableSize();
        }

        @Override
        public void maxHeaderListSize(long max, long goAway) {}

        @Override
        public long maxHeaderListSize() {
            return limits.maxHeaderListSize();
        }

        @Override
        public long maxHeaderListSizeGoAway() {
            return limits.maxHeaderListSizeGoAway();
        }
    }

    private static final class NettyEvents implements Http2FrameListener {

        private final List<String> lines = new ArrayList<>();

        @Override
        public int onDataRead(ChannelHandlerContext c, int stream, ByteBuf data, int padding, boolean ends) {
            lines.add("DATA " + stream + (ends ? " ends " : " ") + data.toString(ISO_8859_1));
            return 0;
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext c, int stream, Http2Headers fields, int padding, boolean ends) {
            String text = new String(AsciiString.of(fields.get("a")).toByteArray(), ISO_8859_1);
            lines.add(stream + (ends ? " ends " : " ") + text);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext c,
                int stream,
                Http2Headers fields,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean ends) {
            onHeadersRead(c, stream, fields, padding, ends);
        }

        @Override
        public void onPriorityRead(
                ChannelHandlerContext c, int stream, int dependency, short weight, boolean exclusive) {}

        @Override
        public void onRstStreamRead(ChannelHandlerContext c, int stream, long code) {
            lines.add("RST_STREAM " + stream + " " + ErrorCode.of((int) code));
        }

        @Override
        public void onSettingsAckRead(ChannelHandlerContext c) {
            lines.add("SETTINGS 0 ack ");
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext c, Http2Settings settings) {
            // Netty keeps a map of them: only that they are there is compared.
            lines.add("SETTINGS");
        }

        @Override
        public void onPingRead(ChannelHandlerContext c, long opaque) {
            lines.add("PING 0 " + Long.toHexString(opaque));
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext c, long opaque) {
            lines.add("PING 0 ack " + Long.toHexString(opaque));
        }

        @Override
        public void onPushPromiseRead(ChannelHandlerContext c, int stream, int promised, Http2Headers f, int p) {
            lines.add("PUSH_PROMISE");
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext c, int last, long code, ByteBuf debug) {
            lines.add("GOAWAY 0 " + last + " " + ErrorCode.of((int) code));
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext c, int stream, int increment) {
            lines.add("WINDOW_UPDATE " + stream + " " + increment);
        }

        @Override
        public void onUnknownFrame(ChannelHandlerContext c, byte type, int stream, Http2Flags flags, ByteBuf p) {}
    }
}
