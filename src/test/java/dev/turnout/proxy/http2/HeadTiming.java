package dev.turnout.proxy.http2;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** Prints the processor time that a browser's head costs to read, and what it costs Netty to decode. Started by hand. */
final class HeadTiming {

    private static final int ROUNDS = 200_000;
    private static final int REPEATS = 7;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private HeadTiming() {}

    public static void main(String[] arguments) throws Http2Exception {
        Browsing browsing = new Browsing();
        browsing.readPlain(0);
        print("bytes: " + browsing.sizes());
        time("plain literals, translated and scanned", browsing::readPlain);
        time("Huffman literals, translated and scanned", browsing::readHuffmanCoded);
        time("literals with indexing, translated and scanned", browsing::readIndexing);
        time("indexed, translated and scanned", browsing::readIndexed);
        byte[] head = Arrays.copyOf(browsing.head().bytes(), browsing.head().bytes().length);
        int length = browsing.headLength();
        time("the scan alone", i -> browsing.head().scan(head, 0, length));
        netty(browsing);
    }

    private static void netty(Browsing browsing) throws Http2Exception {
        DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(true, 1 << 20);
        time("Netty's decoder, Huffman literals", i -> decode(decoder, browsing.huffmanCoded()));
        DefaultHttp2HeadersDecoder warm = new DefaultHttp2HeadersDecoder(true, 1 << 20);
        decode(warm, browsing.indexing());
        time("Netty's decoder, indexed", i -> decode(warm, browsing.indexed()));
    }

    private static void decode(DefaultHttp2HeadersDecoder decoder, byte[] block) {
        try {
            decoder.decodeHeaders(1, Unpooled.wrappedBuffer(block));
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void time(String what, IntConsumer work) {
        long best = Long.MAX_VALUE;
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            long before = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < ROUNDS; i++) {
                work.accept(i);
            }
            best = Math.min(best, THREADS.getCurrentThreadCpuTime() - before);
        }
        print(best / ROUNDS + " ns: " + what);
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
