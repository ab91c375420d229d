package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.support.wire.Field;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Header blocks of every kind: written out by hand, by Netty's encoder, and read by Netty's decoder. */
final class Blocks {

    private Blocks() {}

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    /** Literals without indexing, whatever octets are in them. Each row is {@code name=value}. */
    static byte[] literals(String... rows) {
        return literals(Arrays.stream(rows)
                .map(row -> {
                    int split = row.startsWith("=") ? 0 : row.indexOf('=');
                    return new Field(row.substring(0, split), row.substring(split + 1));
                })
                .toList());
    }

    static byte[] literals(List<Field> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Field field : fields) {
            out.write(0);
            string(field.name(), out);
            string(field.value(), out);
        }
        return out.toByteArray();
    }

    private static void string(String text, ByteArrayOutputStream out) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        if (bytes.length < 127) {
            out.write(bytes.length);
        } else {
            out.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                out.write(rest & 0x7f | 0x80);
                rest >>= 7;
            }
            out.write(rest);
        }
        out.writeBytes(bytes);
    }

    static byte[] encoded(DefaultHttp2HeadersEncoder encoder, List<Field> fields) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        fields.forEach(field -> headers.add(latin(field.name()), latin(field.value())));
        ByteBuf out = Unpooled.buffer();
        try {
            encoder.encodeHeaders(1, headers, out);
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
        return ByteBufUtil.getBytes(out);
    }

    /** The fields in Netty's order: pseudo-headers first. */
    static List<Field> decoded(DefaultHttp2HeadersDecoder decoder, byte[] block) throws Http2Exception {
        List<Field> fields = new ArrayList<>();
        decoder.decodeHeaders(1, Unpooled.wrappedBuffer(block))
                .forEach(entry -> fields.add(new Field(text(entry.getKey()), text(entry.getValue()))));
        return fields;
    }

    private static AsciiString latin(String text) {
        return new AsciiString(text.getBytes(ISO_8859_1), false);
    }

    private static String text(CharSequence sequence) {
        return new String(AsciiString.of(sequence).toByteArray(), ISO_8859_1);
    }
}
