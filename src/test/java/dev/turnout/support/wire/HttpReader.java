package dev.turnout.support.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * Reads messages off a stream as RFC 9112 has them, without any of the leniency that it allows.
 *
 * <p>Lines end in CR LF, names are tokens, lengths are given once. Whatever else arrives is a {@link BrokenMessage}, and a
 * stream that ends too early {@link CutShort}.
 * For one thread.
 */
public final class HttpReader {

    /** How much of a body's content is kept, in bytes; the rest only counts for length and checksum. */
    public static final int KEPT = 64 * 1024;

    private static final int LONGEST_LINE = 64 * 1024;
    private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
    private static final Pattern REQUEST_LINE = Pattern.compile("(" + TOKEN + ") ([!-~]+) (HTTP/1\\.[01])");
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 ([1-5][0-9][0-9]) ([\\t -~\\x80-\\xff]*)");
    private static final Pattern FIELD_LINE = Pattern.compile(
            "(" + TOKEN + "):[ \\t]*((?:[!-~\\x80-\\xff](?:[\\t -~\\x80-\\xff]*[!-~\\x80-\\xff])?)?)[ \\t]*");
    private static final String QUOTED =
            "\"[\\t !#-\\[\\]-~\\x80-\\xff]*+(?:\\\\[\\t -~\\x80-\\xff][\\t !#-\\[\\]-~\\x80-\\xff]*+)*+\"";
    private static final Pattern CHUNK_LINE =
            Pattern.compile("([0-9A-Fa-f]{1,15})((?:;" + TOKEN + "(?:=(?:" + TOKEN + "|" + QUOTED + "))?)*)");

    private final InputStream in;
    private final byte[] piece = new byte[64 * 1024];

    /** @param in best buffered; heads are read byte by byte */
    public HttpReader(InputStream in) {
        this.in = in;
    }

    /** The next request's head; empty if the stream ends where a request might have begun. */
    public Optional<ReceivedHead> requestHead() throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        String line = line(first, raw);
        Matcher matcher = REQUEST_LINE.matcher(line);
        if (!matcher.matches()) {
            throw new BrokenMessage("not a request line: " + quoted(line));
        }
        Fields fields = fields(raw);
        return Optional.of(
                new ReceivedHead(matcher.group(1), matcher.group(2), matcher.group(3), fields, raw.toByteArray()));
    }

    /** The body that belongs to a request's head; RFC 9112, section 6.3. */
    public Body requestBody(ReceivedHead head) throws IOException {
        if (head.fields().has("Transfer-Encoding")) {
            return chunked(head.fields());
        }
        return head.fields().has("Content-Length") ? sized(length(head.fields())) : Body.NONE;
    }

    /**
     * The next response, interim ones (1xx) too.
     *
     * @param method of the request that it answers: a response to HEAD has no body
     */
    public Response response(String method) throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        int first = in.read();
        if (first < 0) {
            throw new CutShort("closed before a response");
        }
        String line = line(first, raw);
        Matcher matcher = STATUS_LINE.matcher(line);
        if (!matcher.matches()) {
            throw new BrokenMessage("not a status line: " + quoted(line));
        }
        int status = Integer.parseInt(matcher.group(1));
        Fields fields = fields(raw);
        return new Response(status, matcher.group(2), fields, raw.toByteArray(), responseBody(method, status, fields));
    }

    /** Whether the other side has closed: waits for its next byte, or its end. */
    public boolean ended() throws IOException {
        return in.read() < 0;
    }

    private Body responseBody(String method, int status, Fields fields) throws IOException {
        if (fields.has("Transfer-Encoding") && (status < 200 || status == 204)) {
            throw new BrokenMessage("Transfer-Encoding in a " + status + ": RFC 9112, section 6.1");
        }
        if (fields.has("Content-Length") && (status < 200 || status == 204)) {
            throw new BrokenMessage("Content-Length in a " + status + ": RFC 9110, section 8.6");
        }
        if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return Body.NONE;
        }
        if (fields.has("Transfer-Encoding")) {
            return chunked(fields);
        }
        return fields.has("Content-Length") ? sized(length(fields)) : untilClosed();
    }

    private Fields fields(ByteArrayOutputStream raw) throws IOException {
        List<Field> lines = new ArrayList<>();
        for (String line = line(in.read(), raw); !line.isEmpty(); line = line(in.read(), raw)) {
            Matcher matcher = FIELD_LINE.matcher(line);
            if (!matcher.matches()) {
                throw new BrokenMessage("not a field line: " + quoted(line));
            }
            lines.add(new Field(matcher.group(1), matcher.group(2)));
        }
        return new Fields(lines);
    }

    private static long length(Fields fields) throws BrokenMessage {
        List<String> values = fields.all("Content-Length");
        if (values.size() != 1 || !values.get(0).matches("[0-9]{1,18}")) {
            throw new BrokenMessage("Content-Length is " + values);
        }
        return Long.parseLong(values.get(0));
    }

    private Body sized(long length) throws IOException {
        Collector collector = new Collector();
        content(length, collector);
        return collector.body(Body.Framing.LENGTH, Fields.NONE);
    }

    private Body untilClosed() throws IOException {
        Collector collector = new Collector();
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            collector.add(piece, read);
        }
        return collector.body(Body.Framing.CLOSE, Fields.NONE);
    }

    private Body chunked(Fields head) throws IOException {
        if (head.has("Content-Length")) {
            throw new BrokenMessage("both Content-Length and Transfer-Encoding");
        }
        List<String> codings = head.all("Transfer-Encoding");
        if (codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
            throw new BrokenMessage("Transfer-Encoding is " + codings);
        }
        Collector collector = new Collector();
        ByteArrayOutputStream framing = new ByteArrayOutputStream();
        for (long size = chunkSize(framing); size > 0; size = chunkSize(framing)) {
            content(size, collector);
            String end = line(in.read(), framing);
            if (!end.isEmpty()) {
                throw new BrokenMessage("a chunk is longer than its size says: " + quoted(end));
            }
            framing.reset();
        }
        return collector.body(Body.Framing.CHUNKED, fields(framing));
    }

    private long chunkSize(ByteArrayOutputStream framing) throws IOException {
        String line = line(in.read(), framing);
        Matcher matcher = CHUNK_LINE.matcher(line);
        if (!matcher.matches()) {
            throw new BrokenMessage("not a chunk size: " + quoted(line));
        }
        return Long.parseLong(matcher.group(1), 16);
    }

    private void content(long length, Collector collector) throws IOException {
        long left = length;
        while (left > 0) {
            int read = in.read(piece, 0, (int) Math.min(piece.length, left));
            if (read < 0) {
                throw new CutShort("closed " + left + " bytes before the end of a body of " + length);
            }
            collector.add(piece, read);
            left -= read;
        }
    }

    private String line(int first, ByteArrayOutputStream raw) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = first; ; b = in.read()) {
            if (b < 0) {
                throw new CutShort("closed in the middle of a line: " + quoted(line));
            }
            raw.write(b);
            if (b == '\n') {
                throw new BrokenMessage("bare LF after " + quoted(line));
            }
            if (b == '\r') {
                break;
            }
            line.append((char) b);
            if (line.length() > LONGEST_LINE) {
                throw new BrokenMessage("a line without an end: " + quoted(line.substring(0, 80)));
            }
        }
        int last = in.read();
        if (last < 0) {
            throw new CutShort("closed in the middle of a line end: " + quoted(line));
        }
        if (last != '\n') {
            throw new BrokenMessage("bare CR after " + quoted(line));
        }
        raw.write(last);
        return line.toString();
    }

    private static String quoted(CharSequence text) {
        return "'" + new String(text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.US_ASCII) + "'";
    }

    /** The content of one body: its beginning, its length and its checksum. */
    private static final class Collector {

        private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();
        private final CRC32 crc = new CRC32();
        private long length;

        void add(byte[] bytes, int count) {
            crc.update(bytes, 0, count);
            length += count;
            beginning.write(bytes, 0, Math.min(count, KEPT - beginning.size()));
        }

        Body body(Body.Framing framing, Fields trailers) {
            return new Body(framing, length, crc.getValue(), beginning.toByteArray(), trailers);
        }
    }
}
