package dev.turnout.e2e;

import java.util.Set;
import java.util.stream.Stream;

/** Requests that must be refused: their heads, and the bodies that turn out to be broken on their way. */
final class BadRequests {

    private static final String CRLF = "\r\n";
    private static final String HOST = "Host: app.example" + CRLF;
    private static final String CHUNKED =
            "POST /broken HTTP/1.1" + CRLF + HOST + "Transfer-Encoding: chunked" + CRLF + CRLF;

    private BadRequests() {}

    /** Heads that no target may see a byte of. */
    static Stream<RequestRow> heads() {
        return Stream.of(lengths(), codings(), lines(), fields(), hosts(), versions(), limits())
                .flatMap(rows -> rows);
    }

    /** Heads without fault, before a chunked body that is none. */
    static Stream<RequestRow> bodies() {
        return Stream.of(
                chunks("a chunk size that is no number", "xyz" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks("a chunk size with a sign", "+5" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks("a negative chunk size", "-5" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks("a chunk size with 0x", "0x5" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks("a space before a chunk size", " 5" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks("a space after a chunk size", "5 " + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks("a tab after a chunk size", "5\t" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks("an underscore in a chunk size", "0_5" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks("an empty chunk size", CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks("an extension without a chunk size", ";a=b" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks("a chunk size beyond 64 bits", "10000000000000005" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks(
                        "a chunk size that fills 64 bits",
                        "ffffffffffffffff" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks("a chunk size with NUL", "5\0" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks("a bare LF after a chunk size", "5\nhello" + CRLF + "0" + CRLF + CRLF),
                chunks("a bare CR after a chunk size", "5\rhello" + CRLF + "0" + CRLF + CRLF),
                chunks("a bare LF in a chunk extension", "5;a\nhello" + CRLF + "0" + CRLF + CRLF),
                chunks("a bare CR in a chunk extension", "5;a\rb" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks("NUL in a chunk extension", "5;a\0" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks(
                        "a chunk extension of 300 bytes",
                        "5;" + "a".repeat(300) + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                chunks("a chunk longer than its size", "5" + CRLF + "hello!" + CRLF + "0" + CRLF + CRLF),
                chunks("a chunk without a CR LF behind it", "5" + CRLF + "hello0" + CRLF + CRLF),
                chunks("a bare LF behind a chunk", "5" + CRLF + "hello\n0" + CRLF + CRLF),
                chunks("a broken second chunk", "5" + CRLF + "hello" + CRLF + "g" + CRLF + "0" + CRLF + CRLF),
                chunks("a bare LF after the last chunk", "5" + CRLF + "hello" + CRLF + "0\n\n"),
                chunks("a bare LF for the empty line", "5" + CRLF + "hello" + CRLF + "0" + CRLF + "\n"),
                chunks("a trailer without a colon", "5" + CRLF + "hello" + CRLF + "0" + CRLF + "trailer" + CRLF + CRLF),
                chunks(
                        "a folded trailer",
                        "5" + CRLF + "hello" + CRLF + "0" + CRLF + "A: b" + CRLF + " c" + CRLF + CRLF),
                chunks(
                        "a space before a trailer's colon",
                        "5" + CRLF + "hello" + CRLF + "0" + CRLF + "A : b" + CRLF + CRLF),
                chunks(
                        "a trailer that says who the client is",
                        "5" + CRLF + "hello" + CRLF + "0" + CRLF + "X-Forwarded-For: 10.0.0.1" + CRLF + CRLF),
                chunks("NUL in a trailer", "5" + CRLF + "hello" + CRLF + "0" + CRLF + "A: \0" + CRLF + CRLF),
                chunks("a bare LF after a trailer", "5" + CRLF + "hello" + CRLF + "0" + CRLF + "A: b\n" + CRLF));
    }

    private static Stream<RequestRow> lengths() {
        return Stream.of(
                post("Content-Length before Transfer-Encoding", "Content-Length: 5", "Transfer-Encoding: chunked"),
                post("Transfer-Encoding before Content-Length", "Transfer-Encoding: chunked", "Content-Length: 5"),
                post("Content-Length twice, the same", "Content-Length: 5", "Content-Length: 5"),
                post("Content-Length twice, not the same", "Content-Length: 5", "Content-Length: 6"),
                post("Content-Length twice in other letters", "Content-Length: 5", "content-length: 5"),
                post("Content-Length as a list", "Content-Length: 5, 5"),
                post("Content-Length with a comma behind it", "Content-Length: 5,"),
                post("Content-Length with a plus", "Content-Length: +5"),
                post("Content-Length below zero", "Content-Length: -5"),
                post("Content-Length in hexadecimal", "Content-Length: 0x5"),
                post("Content-Length with a fraction", "Content-Length: 5.0"),
                post("Content-Length of two numbers", "Content-Length: 5 5"),
                post("Content-Length in quotes", "Content-Length: \"5\""),
                post("Content-Length empty", "Content-Length:"),
                post("Content-Length only of spaces", "Content-Length:   "),
                post("Content-Length in letters", "Content-Length: five"),
                post("Content-Length beyond 64 bits", "Content-Length: 18446744073709551621"),
                post("Content-Length with a tab inside", "Content-Length: 1\t5"),
                post("Content-Length with a vertical tab before it", "Content-Length: \u000b5"),
                post("Content-Length in other digits", "Content-Length: \u00b2"));
    }

    private static Stream<RequestRow> codings() {
        return Stream.of(
                post("Transfer-Encoding gzip", "Transfer-Encoding: gzip"),
                post("Transfer-Encoding identity", "Transfer-Encoding: identity"),
                post("Transfer-Encoding gzip, chunked", "Transfer-Encoding: gzip, chunked"),
                post("Transfer-Encoding chunked, gzip", "Transfer-Encoding: chunked, gzip"),
                post("Transfer-Encoding chunked, chunked", "Transfer-Encoding: chunked, chunked"),
                post("Transfer-Encoding chunked, identity", "Transfer-Encoding: chunked, identity"),
                post("Transfer-Encoding twice", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
                post(
                        "Transfer-Encoding twice, one identity",
                        "Transfer-Encoding: identity",
                        "Transfer-Encoding: chunked"),
                post("Transfer-Encoding xchunked", "Transfer-Encoding: xchunked"),
                post("Transfer-Encoding chunkedx", "Transfer-Encoding: chunkedx"),
                post("Transfer-Encoding chunked with a parameter", "Transfer-Encoding: chunked;q=1"),
                post("Transfer-Encoding in quotes", "Transfer-Encoding: \"chunked\""),
                post("Transfer-Encoding with a comma before it", "Transfer-Encoding: ,chunked"),
                post("Transfer-Encoding with a comma behind it", "Transfer-Encoding: chunked,"),
                post("Transfer-Encoding empty", "Transfer-Encoding:"),
                post("Transfer-Encoding with a vertical tab before it", "Transfer-Encoding: \u000bchunked"),
                post("Transfer-Encoding with NUL", "Transfer-Encoding: chunked\0"),
                post("Transfer-Encoding with a bare CR", "Transfer-Encoding: chunked\r"),
                post("Transfer-Encoding folded", "Transfer-Encoding:" + CRLF + " chunked"),
                post("Transfer-Encoding behind a bare LF", "X: y\nTransfer-Encoding: chunked"),
                post("Transfer-Encoding with a space before the colon", "Transfer-Encoding : chunked"),
                post("Transfer-Encoding with a tab before the colon", "Transfer-Encoding\t: chunked"),
                row(
                        "Transfer-Encoding from an HTTP/1.0 client",
                        400,
                        "POST /bad HTTP/1.0" + CRLF + HOST + "Transfer-Encoding: chunked" + CRLF + CRLF + "0" + CRLF
                                + CRLF));
    }

    private static Stream<RequestRow> lines() {
        return Stream.of(
                line("no method", "/bad HTTP/1.1"),
                line("a space before the method", " GET /bad HTTP/1.1"),
                line("two spaces behind the method", "GET  /bad HTTP/1.1"),
                line("two spaces before the version", "GET /bad  HTTP/1.1"),
                line("a space behind the version", "GET /bad HTTP/1.1 "),
                line("a tab behind the method", "GET\t/bad HTTP/1.1"),
                line("a space in the target", "GET /b ad HTTP/1.1"),
                line("a tab in the target", "GET /b\tad HTTP/1.1"),
                line("NUL in the target", "GET /b\0ad HTTP/1.1"),
                line("a control byte in the target", "GET /b\u0001ad HTTP/1.1"),
                line("DEL in the target", "GET /b\u007fad HTTP/1.1"),
                line("a byte above ASCII in the target", "GET /b\u00e4d HTTP/1.1"),
                line("a bare CR in the target", "GET /b\rad HTTP/1.1"),
                line("a method with a colon", "GE:T /bad HTTP/1.1"),
                line("a method in brackets", "(GET) /bad HTTP/1.1"),
                line("NUL in the method", "G\0ET /bad HTTP/1.1"),
                line("a byte above ASCII in the method", "G\u00c9T /bad HTTP/1.1"),
                line("a target that is no path", "GET bad HTTP/1.1"),
                line("a tunnel", "CONNECT app.example:443 HTTP/1.1"),
                row("a bare LF behind the request line", 400, "GET /bad HTTP/1.1\n" + HOST + CRLF),
                row("bare LFs everywhere", 400, "GET /bad HTTP/1.1\nHost: app.example\n\n"),
                row("a bare CR behind the request line", 400, "GET /bad HTTP/1.1\r" + HOST + CRLF),
                row("a TLS hello", 400, "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003" + CRLF + CRLF),
                row("only garbage", 400, "garbage" + CRLF + CRLF));
    }

    private static Stream<RequestRow> fields() {
        return Stream.of(
                get("a line without a colon", "no colon here"),
                get("a line without a name", ": value"),
                get("a space before the colon", "X-A : b"),
                get("a tab before the colon", "X-A\t: b"),
                get("a space in the name", "X A: b"),
                get("a bracket in the name", "X(A: b"),
                get("NUL in the name", "X\0A: b"),
                get("a byte above ASCII in the name", "X\u00e4: b"),
                get("a slash in the name", "X/A: b"),
                get("NUL in the value", "X-A: b\0c"),
                get("a control byte in the value", "X-A: b\u0001c"),
                get("ESC in the value", "X-A: \u001b[31m"),
                get("DEL in the value", "X-A: b\u007fc"),
                get("a bare CR in the value", "X-A: b\rc"),
                get("a bare LF behind the value", "X-A: b\nX-B: c"),
                get("a folded value, by a space", "X-A: b" + CRLF + " c"),
                get("a folded value, by a tab", "X-A: b" + CRLF + "\tc"),
                get("a fold of nothing", "X-A: b" + CRLF + " "),
                row("a fold right behind the request line", 400, "GET /bad HTTP/1.1" + CRLF + " " + HOST + CRLF),
                row("a bare LF for the empty line", 400, "GET /bad HTTP/1.1" + CRLF + HOST + "\n"),
                row("a bare CR for the empty line", 400, "GET /bad HTTP/1.1" + CRLF + HOST + "\rX"));
    }

    private static Stream<RequestRow> hosts() {
        return Stream.of(
                row("no Host", 400, "GET /bad HTTP/1.1" + CRLF + CRLF),
                get("Host twice", "Host: other.example"),
                get("Host twice, the same", "Host: app.example"),
                row("Host twice from an HTTP/1.0 client", 400, "GET /bad HTTP/1.0" + CRLF + HOST + HOST + CRLF),
                row(
                        "Host with a space before the colon",
                        400,
                        "GET /bad HTTP/1.1" + CRLF + "Host : app.example" + CRLF + CRLF),
                row("Host of two names", 400, "GET /bad HTTP/1.1" + CRLF + "Host: a.example b.example" + CRLF + CRLF),
                row("Host as a list", 400, "GET /bad HTTP/1.1" + CRLF + "Host: a.example, b.example" + CRLF + CRLF),
                row("Host with a path", 400, "GET /bad HTTP/1.1" + CRLF + "Host: a.example/b" + CRLF + CRLF),
                row("Host with a user", 400, "GET /bad HTTP/1.1" + CRLF + "Host: a@b.example" + CRLF + CRLF));
    }

    private static Stream<RequestRow> versions() {
        return Stream.of(
                line("HTTP/1.2", 505, "GET /bad HTTP/1.2"),
                line("HTTP/2.0", 505, "GET /bad HTTP/2.0"),
                line("HTTP/3.0", 505, "GET /bad HTTP/3.0"),
                line("HTTP/0.9", 505, "GET /bad HTTP/0.9"),
                row("a broken preface of HTTP/2", 505, "PRI * HTTP/2.0" + CRLF + CRLF + "GET" + CRLF + CRLF),
                either("a version in small letters", "GET /bad http/1.1"),
                either("a version of two digits", "GET /bad HTTP/1.10"),
                either("a version with a leading zero", "GET /bad HTTP/01.1"),
                either("a version without a minor", "GET /bad HTTP/1"),
                either("a version with a comma", "GET /bad HTTP/1,1"),
                either("a version with more behind it", "GET /bad HTTP/1.1x"),
                either("another protocol", "GET /bad ICAP/1.0"),
                either("no version", "GET /bad"),
                either("no version, but the space before it", "GET /bad "));
    }

    private static Stream<RequestRow> limits() {
        return Stream.of(
                row(
                        "a value over the limit of a head",
                        431,
                        "GET /bad HTTP/1.1" + CRLF + HOST + "X-A: " + "a".repeat(17_000) + CRLF + CRLF),
                row(
                        "many lines over the limit of a head",
                        431,
                        "GET /bad HTTP/1.1" + CRLF + HOST + "X-A: bcd\r\n".repeat(1_700) + CRLF),
                row(
                        "a head over the limit that never ends",
                        431,
                        "GET /bad HTTP/1.1" + CRLF + HOST + "X-A: " + "a".repeat(17_000)),
                row(
                        "a request line over the limit",
                        414,
                        "GET /" + "a".repeat(17_000) + " HTTP/1.1" + CRLF + HOST + CRLF),
                row("a request line over the limit that never ends", 414, "GET /" + "a".repeat(17_000)));
    }

    private static RequestRow post(String name, String... lines) {
        return row(
                name,
                400,
                "POST /bad HTTP/1.1" + CRLF + HOST + String.join(CRLF, lines) + CRLF + CRLF + "5" + CRLF + "hello"
                        + CRLF + "0" + CRLF + CRLF);
    }

    private static RequestRow get(String name, String line) {
        return row(name, 400, "GET /bad HTTP/1.1" + CRLF + HOST + line + CRLF + CRLF);
    }

    private static RequestRow line(String name, String line) {
        return line(name, 400, line);
    }

    private static RequestRow line(String name, int status, String line) {
        return row(name, status, line + CRLF + HOST + CRLF);
    }

    private static RequestRow either(String name, String line) {
        return new RequestRow(name, Set.of(400, 505), line + CRLF + HOST + CRLF);
    }

    private static RequestRow chunks(String name, String body) {
        return row(name, 400, CHUNKED + body);
    }

    private static RequestRow row(String name, int status, String bytes) {
        return new RequestRow(name, Set.of(status), bytes);
    }
}
