package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkScannerTest {

    private static final int TRAILER_LIMIT = 64;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0\r\n\r\n",
                "3\r\nabc\r\n0\r\n\r\n",
                "a\r\n0123456789\r\n0\r\n\r\n",
                "A\r\n0123456789\r\n0\r\n\r\n",
                "003\r\nabc\r\n000\r\n\r\n",
                "1\r\n\r\r\n1\r\n\n\r\n0\r\n\r\n",
                "3\r\nabc\r\n0\r\nSum: 1\r\nB:\r\n\r\n",
                "0;a=b\r\n\r\n",
                "3;a;b=c;d=\"e f;\\\"\u00e4\"\r\nabc\r\n0\r\n\r\n"
            })
    void takes_a_legal_body_to_its_last_octet(String body) {
        assertThat(accepted(body + "GET /")).isEqualTo(body.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "\n",
                "x\r\n",
                "g\r\n",
                " 3\r\n",
                "3 \r\n",
                "3\t\r\n",
                "3 ;a\r\n",
                "+3\r\n",
                "-1\r\n",
                "0x3\r\n",
                "3_0\r\n",
                "3,\r\n",
                "3\u000b\r\n",
                "3\u000c\r\n",
                "3\0\r\n",
                "\u00b2\r\n",
                ";a\r\n",
                "3\n",
                "3\rabc",
                "3\r\r\n",
                "3\r\nabcd",
                "3\r\nabc\n",
                "3\r\nabc\rx",
                "3\r\nabc0\r\n",
                "3\r\nabc\r\n\r\n",
                "1000000000000000\r\n",
                "0000000000000003\r\n",
                "ffffffffffffffff\r\n"
            })
    void refuses_a_broken_chunk(String body) {
        assertThat(accepted(body)).isEqualTo(Scan.REJECTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3;a\nabc",
                "3;a\rb\r\n",
                "3;\n",
                "3;a\0\r\n",
                "3;a=\u000b\r\n",
                "3;a=\"\r\n",
                "3;a=\"b\nc\"\r\n",
                "3;a=\"b\\\r\n",
                "3;\r\n",
                "3;;a\r\n",
                "3;=b\r\n",
                "3;a=\r\n",
                "3;a=b=c\r\n",
                "3;a b\r\n",
                "3; a\r\n",
                "3;a \r\n",
                "3;a=\"b\"c\r\n",
                "3;a\"b\"\r\n",
                "3;\u00e4\r\n",
                "3;a;\r\n"
            })
    void refuses_an_extension_that_a_target_could_end_elsewhere(String body) {
        assertThat(accepted(body)).isEqualTo(Scan.REJECTED);
    }

    @Test
    void takes_fifteen_digits_of_size() {
        assertThat(accepted("000000000000003\r\nabc\r\n0\r\n\r\n")).isPositive();
        assertThat(accepted("fffffffffffffff\r\nabc")).isEqualTo(Scan.INCOMPLETE);
    }

    @Test
    void takes_an_extension_of_exactly_256_bytes_in_every_chunk() {
        String line = "1;" + "a".repeat(256) + "\r\nx\r\n";
        assertThat(accepted(line + line + "0\r\n\r\n")).isPositive();
        assertThat(accepted("1;" + "a".repeat(257) + "\r\n")).isEqualTo(Scan.REJECTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " A: b\r\n",
                "A : b\r\n",
                "A\r\n",
                ": b\r\n",
                "A: b\n",
                "A: b\r\n c\r\n",
                "A: \0\r\n",
                "A: b\rc\r\n",
                "\n",
                "\r\r\n",
                "\u00e4: b\r\n",
                "Content-Length: 5\r\n",
                "content-length: 5\r\n",
                "Transfer-Encoding: chunked\r\n",
                "TRANSFER-ENCODING: x\r\n",
                "Host: h\r\n"
            })
    void refuses_a_trailer_that_is_broken_or_says_how_to_frame_or_route(String lines) {
        assertThat(accepted("0\r\n" + lines + "\r\n")).isEqualTo(Scan.REJECTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Lengthy: 5\r\n", "Transfer-Encodings: x\r\n", "Hos: h\r\n", "X-Host: h\r\n"})
    void takes_a_trailer_whose_name_only_looks_like_a_forbidden_one(String lines) {
        assertThat(accepted("0\r\n" + lines + "\r\n")).isPositive();
    }

    @Test
    void takes_trailers_up_to_the_limit_and_no_further() {
        String name = "A:";
        String exact = name + "b".repeat(TRAILER_LIMIT - name.length());
        assertThat(accepted("0\r\n" + exact + "\r\n\r\n")).isPositive();
        assertThat(accepted("0\r\n" + exact + "b\r\n\r\n")).isEqualTo(Scan.REJECTED);
        assertThat(accepted("0\r\n" + "A:b\r\n".repeat(TRAILER_LIMIT))).isEqualTo(Scan.REJECTED);
    }

    @Test
    void stays_broken() {
        ChunkScanner scanner = new ChunkScanner(TRAILER_LIMIT, ChunkScanner.NO_FRAMING);
        assertThat(scanner.accept((byte) 'x')).isFalse();
        assertThat(scanner.accept((byte) '0')).isFalse();
        assertThat(scanner.isDone()).isFalse();
    }

    @Test
    void takes_nothing_behind_the_end() {
        ChunkScanner scanner = new ChunkScanner(TRAILER_LIMIT, ChunkScanner.NO_FRAMING);
        for (byte b : "0\r\n\r\n".getBytes(ISO_8859_1)) {
            assertThat(scanner.accept(b)).isTrue();
        }
        assertThat(scanner.isDone()).isTrue();
        assertThat(scanner.accept((byte) '0')).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: 10.0.0.1\r\n",
                "x-forwarded-proto: https\r\n",
                "X-Forwarded-Host: h\r\n",
                "X-Forwarded-Port: 1\r\n",
                "Forwarded: for=10.0.0.1\r\n",
                "X-Request-Id: 1\r\n",
                "X-Turnout-Front: secret\r\n",
                "X-Turnout-Slot: green\r\n",
                "Host: h\r\n",
                "X_Forwarded_For: 10.0.0.1\r\n",
                "x-real-ip: 10.0.0.1\r\n",
                "X.Real.IP: 10.0.0.1\r\n",
                "Connection: close\r\n",
                "TE: trailers\r\n",
                "Upgrade: h2c\r\n",
                "Authorization: Bearer x\r\n",
                "Cookie: a=b\r\n",
                "Content-Type: text/html\r\n",
                "Content_Encoding: gzip\r\n",
                "If-None-Match: *\r\n",
                "Trailer: Sum\r\n"
            })
    void refuses_a_request_whose_trailer_steers_vouches_or_says_what_turnout_says_in_the_head(String lines) {
        ChunkScanner request = new ChunkScanner(
                TRAILER_LIMIT, ForgedFields.of(List.of("X-Real-IP")).inTrailer());
        assertThat(accepted("0\r\nSum: 1\r\n" + lines + "\r\n", request)).isEqualTo(Scan.REJECTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Sum: 1\r\n", "Grpc-Status: 0\r\n", "X-Real-IPs: 1\r\n", "Server-Timing: a\r\n", "Cookies: 1\r\n"
            })
    void takes_other_trailers_of_a_request(String lines) {
        ChunkScanner request = new ChunkScanner(
                TRAILER_LIMIT, ForgedFields.of(List.of("X-Real-IP")).inTrailer());
        assertThat(accepted("0\r\n" + lines + "\r\n", request)).isPositive();
    }

    @Test
    void takes_such_a_trailer_in_a_response_where_it_deceives_nobody() {
        assertThat(accepted("0\r\nX-Request-Id: 1\r\n\r\n")).isPositive();
    }

    /** How many octets belong to a response's body, or a code of {@link Scan}. */
    private static int accepted(String text) {
        return accepted(text, new ChunkScanner(TRAILER_LIMIT, ChunkScanner.NO_FRAMING));
    }

    private static int accepted(String text, ChunkScanner scanner) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        int at = 0;
        while (at < bytes.length && !scanner.isDone()) {
            if (scanner.dataRemaining() > 0) {
                int count = (int) Math.min(scanner.dataRemaining(), bytes.length - at);
                scanner.skipData(count);
                at += count;
            } else if (!scanner.accept(bytes[at++])) {
                return Scan.REJECTED;
            }
        }
        return scanner.isDone() ? at : Scan.INCOMPLETE;
    }
}
