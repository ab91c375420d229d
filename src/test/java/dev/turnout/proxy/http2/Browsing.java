package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.support.wire.Field;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import java.util.List;

/** A browser's GET of about 1 KB, coded in three ways, and read into a scanned head. */
final class Browsing {

    private static final byte[] KEY = "dGhlIHNhbXBsZSBub25jZQ==".getBytes(ISO_8859_1);
    private static final List<Field> FIELDS = List.of(
            new Field(":method", "GET"),
            new Field(":authority", "shop.example.com"),
            new Field(":scheme", "https"),
            new Field(":path", "/assets/app/components/navigation/header.bundle.js?v=20261126"),
            new Field("sec-ch-ua", "\"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\", \"Google Chrome\";v=\"140\""),
            new Field("sec-ch-ua-mobile", "?0"),
            new Field("sec-ch-ua-platform", "\"Linux\""),
            new Field(
                    "user-agent",
                    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"),
            new Field(
                    "accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"),
            new Field("sec-fetch-site", "same-origin"),
            new Field("sec-fetch-mode", "no-cors"),
            new Field("sec-fetch-dest", "script"),
            new Field("referer", "https://shop.example.com/catalogue/shoes?colour=red&size=42"),
            new Field("accept-encoding", "gzip, deflate, br, zstd"),
            new Field("accept-language", "en-GB,en;q=0.9,de;q=0.8,ko;q=0.7"),
            new Field("cookie", "session=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
            new Field("cookie", "consent=all; theme=dark; _ga=GA1.2.1234567890.1700000000"));

    private final BlockReader reader = new BlockReader(32 * 1024);
    private final RequestHead head = new RequestHead(32 * 1024);
    private final HpackTable table = new HpackTable();
    private final HpackTable warm = new HpackTable();
    private final HpackTable turning = new HpackTable();

    private final byte[] huffmanCoded =
            Blocks.encoded(new DefaultHttp2HeadersEncoder((name, value) -> true, false, 16, 0), FIELDS);
    private final byte[] plain = Blocks.literals(FIELDS);
    private final byte[] indexing;
    private final byte[] indexed;

    Browsing() {
        DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder((name, value) -> false, false, 16, 1 << 20);
        indexing = Blocks.encoded(encoder, FIELDS);
        indexed = Blocks.encoded(encoder, FIELDS);
        read(warm, indexing);
    }

    /** Reads a block in which every text is coded, and none is in a table. */
    void readHuffmanCoded(int round) {
        read(table, huffmanCoded);
    }

    /** Reads a block in which every text stands as it is. */
    void readPlain(int round) {
        read(table, plain);
    }

    /** Reads a block of indexes, as all but the first request of a connection. */
    void readIndexed(int round) {
        read(warm, indexed);
    }

    /** Reads a block that puts every field into the table, and moves others out. */
    void readIndexing(int round) {
        read(turning, indexing);
    }

    private void read(HpackTable of, byte[] block) {
        BlockVerdict verdict = reader.request(of, block, 0, block.length, true, KEY);
        if (verdict != BlockVerdict.WHOLE) {
            throw new AssertionError(verdict);
        }
        int length = reader.head().length();
        if (head.scan(reader.head().bytes(), 0, length) != length) {
            throw new AssertionError(head.rejection());
        }
    }

    RequestHead head() {
        return head;
    }

    int headLength() {
        return reader.head().length();
    }

    byte[] huffmanCoded() {
        return huffmanCoded;
    }

    byte[] indexing() {
        return indexing;
    }

    byte[] indexed() {
        return indexed;
    }

    String sizes() {
        return "head " + reader.head().length() + ", plain " + plain.length + ", Huffman " + huffmanCoded.length
                + ", indexing " + indexing.length + ", indexed " + indexed.length;
    }
}
