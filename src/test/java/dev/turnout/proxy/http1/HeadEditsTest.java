package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeadEditsTest {

    private static final int LIMIT = 1 << 16;
    private static final List<String> NAMES =
            List.of("X-A", "X-B", "Cookie", "Server", "x-a", "Cache-Control", "Accept", "X-Forwarded-Prefix");
    private static final List<String> VALUES = List.of("", "1", "a, b", "Content-Length: 5", "x\ty", "chunked");
    private static final List<String> FRAMING =
            List.of("Content-Length: 5", "Transfer-Encoding: chunked", "Connection: X-A, close", "Host: shop.example");

    private static String edited(HeadEdits edits, String head) {
        HeadWriter out = new HeadWriter();
        byte[] bytes = head.getBytes(ISO_8859_1);
        edits.write(bytes, 0, bytes.length, out);
        return new String(out.bytes(), 0, out.length(), ISO_8859_1);
    }

    @Test
    void removes_every_line_of_a_name_and_adds_lines_at_the_front() {
        HeadEdits edits = new HeadEdits(List.of("Server", "x-powered-by"), List.of("X-A: 1", "Server: none"));

        assertThat(edited(
                        edits,
                        "HTTP/1.1 200 OK\r\n"
                                + "server: a\r\n"
                                + "Servers: b\r\n"
                                + "X-Powered-By: c\r\n"
                                + "X_Powered.BY: as CGI reads it\r\n"
                                + "X: Server: d\r\n"
                                + "SERVER:\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK\r\nX-A: 1\r\nServer: none\r\nServers: b\r\nX: Server: d\r\n\r\n");
        assertThat(edited(edits, "HTTP/1.1 200 OK\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK\r\nX-A: 1\r\nServer: none\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "Content-Length",
                "Transfer-Encoding",
                "connection",
                "TE",
                "Upgrade",
                "Keep-Alive",
                "X-Forwarded-For",
                "X-Turnout",
                "X-Turnout-Slot",
                "X-Request-Id",
                "",
                "a b",
                "a\r",
                "Ünder"
            })
    void no_field_that_frames_or_routes_is_touched(String name) {
        assertThatThrownBy(() -> new HeadEdits(List.of(name), List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HeadEdits(List.of(), List.of(name + ": x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: b\r\nContent-Length: 5", "a: b\n", "a: \0", "a", ": x", "a: é"})
    void no_line_can_become_two(String line) {
        assertThatThrownBy(() -> new HeadEdits(List.of(), List.of(line))).isInstanceOf(IllegalArgumentException.class);
    }

    /** Random heads and random changes: the strict scanner reads the same framing, and exactly the lines that are meant. */
    @Test
    void a_changed_head_is_framed_and_routed_as_before() {
        Random random = new Random(18);
        for (int round = 0; round < 20_000; round++) {
            List<String> lines = lines(random, NAMES, 6);
            lines.addAll(lines(random, FRAMING, 1));
            boolean isRequest = random.nextBoolean();
            String first = isRequest ? "GET /x HTTP/1.1\r\n" : "HTTP/1.1 200 OK\r\n";
            if (isRequest && lines.stream().noneMatch(line -> line.startsWith("Host:"))) {
                lines.add(0, "Host: h");
            }
            String head = first + lines.stream().map(line -> line + "\r\n").reduce("", String::concat) + "\r\n";
            List<String> removed = lines(random, NAMES, 3).stream()
                    .map(line -> line.substring(0, line.indexOf(':')))
                    .toList();
            List<String> added = lines(random, NAMES, 3);
            assertSameFraming(isRequest, head, edited(new HeadEdits(removed, added), head), removed, added);
        }
    }

    private static List<String> lines(Random random, List<String> of, int most) {
        List<String> lines = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            String name = of.get(random.nextInt(of.size()));
            lines.add(name.contains(":") ? name : name + ": " + VALUES.get(random.nextInt(VALUES.size())));
        }
        return lines;
    }

    private static void assertSameFraming(
            boolean isRequest, String before, String after, List<String> removed, List<String> added) {
        FieldLines one = scanned(isRequest, before);
        FieldLines two = scanned(isRequest, after);
        assertThat(two.contentLength()).isEqualTo(one.contentLength());
        assertThat(two.chunked()).isEqualTo(one.chunked());
        assertThat(two.close()).isEqualTo(one.close());
        assertThat(two.count(FieldName.HOST)).isEqualTo(one.count(FieldName.HOST));
        List<String> expected = new ArrayList<>(added);
        Arrays.stream(before.split("\r\n"))
                .skip(1)
                .filter(line -> removed.stream()
                        .noneMatch(name -> line.substring(0, line.indexOf(':')).equalsIgnoreCase(name)))
                .forEach(expected::add);
        assertThat(Arrays.stream(after.split("\r\n")).skip(1).toList()).isEqualTo(expected);
    }

    private static FieldLines scanned(boolean isRequest, String head) {
        byte[] bytes = head.getBytes(ISO_8859_1);
        if (isRequest) {
            RequestHead request = new RequestHead(LIMIT);
            assertThat(request.scan(bytes, 0, bytes.length)).as(head).isEqualTo(bytes.length);
            return request.fields();
        }
        ResponseHead response = new ResponseHead(LIMIT);
        assertThat(response.scan(bytes, 0, bytes.length)).as(head).isEqualTo(bytes.length);
        return response.fields();
    }
}
