package dev.turnout.e2e;

import dev.turnout.support.SocketEnd;
import java.util.stream.Stream;

/** Responses that no client may get: heads that are wrong, and bodies that turn out to be broken on their way. */
final class BadResponses {

    private static final String CRLF = "\r\n";
    private static final String OK = "HTTP/1.1 200 OK" + CRLF;
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked" + CRLF + CRLF;

    private BadResponses() {}

    /** Heads that end in 502. */
    static Stream<ResponseRow> heads() {
        return Stream.of(framing(), lines(), fields(), endings()).flatMap(rows -> rows);
    }

    /** Heads without fault, before a body that is none: the client must see that it is not whole. */
    static Stream<ResponseRow> bodies() {
        return Stream.of(
                open(
                        "a chunk size that is no number",
                        CHUNKED + "5" + CRLF + "hello" + CRLF + "xyz" + CRLF + "hello" + CRLF),
                open("a chunk size with 0x", CHUNKED + "0x5" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                open("a chunk size with a sign", CHUNKED + "+5" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                open("an empty chunk size", CHUNKED + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                open(
                        "a chunk size beyond 64 bits",
                        CHUNKED + "10000000000000005" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                open("a bare LF after a chunk size", CHUNKED + "5\nhello" + CRLF + "0" + CRLF + CRLF),
                open("a chunk longer than its size", CHUNKED + "5" + CRLF + "hello!" + CRLF + "0" + CRLF + CRLF),
                open("a chunk without a CR LF behind it", CHUNKED + "5" + CRLF + "hello0" + CRLF + CRLF),
                open(
                        "a chunk extension of 300 bytes",
                        CHUNKED + "5;" + "a".repeat(300) + CRLF + "hello" + CRLF + "0" + CRLF + CRLF),
                open(
                        "a trailer without a colon",
                        CHUNKED + "5" + CRLF + "hello" + CRLF + "0" + CRLF + "trailer" + CRLF + CRLF),
                ends(
                        "a body shorter than its length, closed",
                        SocketEnd.CLOSE,
                        OK + "Content-Length: 10" + CRLF + CRLF + "hello"),
                ends(
                        "a body shorter than its length, half-closed",
                        SocketEnd.HALF_CLOSE,
                        OK + "Content-Length: 10" + CRLF + CRLF + "hello"),
                ends(
                        "a body shorter than its length, reset",
                        SocketEnd.RESET,
                        OK + "Content-Length: 10" + CRLF + CRLF + "hello"),
                ends("a chunked body that ends in a chunk", SocketEnd.CLOSE, CHUNKED + "a" + CRLF + "hello"),
                ends("a chunked body without its last chunk", SocketEnd.CLOSE, CHUNKED + "5" + CRLF + "hello" + CRLF),
                ends(
                        "a chunked body that ends in its trailers",
                        SocketEnd.CLOSE,
                        CHUNKED + "5" + CRLF + "hello" + CRLF + "0" + CRLF + "A: b" + CRLF),
                ends("a chunked body that is reset", SocketEnd.RESET, CHUNKED + "5" + CRLF + "hello" + CRLF),
                ends("a body without a length that is reset", SocketEnd.RESET, OK + CRLF + "hello"));
    }

    private static Stream<ResponseRow> framing() {
        return Stream.of(
                head("Content-Length and Transfer-Encoding", "Content-Length: 5", "Transfer-Encoding: chunked"),
                head("Transfer-Encoding and Content-Length", "Transfer-Encoding: chunked", "Content-Length: 5"),
                head("Content-Length twice, the same", "Content-Length: 5", "Content-Length: 5"),
                head("Content-Length twice, not the same", "Content-Length: 5", "Content-Length: 6"),
                head("Content-Length as a list", "Content-Length: 5, 5"),
                head("Content-Length with a plus", "Content-Length: +5"),
                head("Content-Length below zero", "Content-Length: -1"),
                head("Content-Length empty", "Content-Length:"),
                head("Content-Length in letters", "Content-Length: five"),
                head("Content-Length in hexadecimal", "Content-Length: 0x5"),
                head("Content-Length beyond 64 bits", "Content-Length: 18446744073709551621"),
                head("Transfer-Encoding gzip", "Transfer-Encoding: gzip"),
                head("Transfer-Encoding identity", "Transfer-Encoding: identity"),
                head("Transfer-Encoding gzip, chunked", "Transfer-Encoding: gzip, chunked"),
                head("Transfer-Encoding twice", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
                head("Transfer-Encoding xchunked", "Transfer-Encoding: xchunked"),
                head("Transfer-Encoding with a vertical tab", "Transfer-Encoding: \u000bchunked"));
    }

    private static Stream<ResponseRow> lines() {
        return Stream.of(
                open("garbage", "garbage" + CRLF + CRLF),
                open("binary garbage", "\0\u0001\u0002\u00ff" + CRLF + CRLF),
                open("the greeting of another protocol", "SSH-2.0-OpenSSH_9.2" + CRLF + CRLF),
                open("an empty status line", CRLF + CRLF),
                open("a version in small letters", "http/1.1 200 OK" + CRLF + "Content-Length: 0" + CRLF + CRLF),
                open("HTTP/2.0", "HTTP/2.0 200 OK" + CRLF + "Content-Length: 0" + CRLF + CRLF),
                open("another protocol's status line", "ICY 200 OK" + CRLF + "Content-Length: 0" + CRLF + CRLF),
                open("a status of two digits", "HTTP/1.1 20 OK" + CRLF + "Content-Length: 0" + CRLF + CRLF),
                open("a status of four digits", "HTTP/1.1 2000 OK" + CRLF + "Content-Length: 0" + CRLF + CRLF),
                open("a status in letters", "HTTP/1.1 abc OK" + CRLF + "Content-Length: 0" + CRLF + CRLF),
                open("a status below 100", "HTTP/1.1 099 OK" + CRLF + "Content-Length: 0" + CRLF + CRLF),
                open("a status above 599", "HTTP/1.1 600 OK" + CRLF + "Content-Length: 0" + CRLF + CRLF),
                open("two spaces before the status", "HTTP/1.1  200 OK" + CRLF + "Content-Length: 0" + CRLF + CRLF),
                open("NUL in the reason", "HTTP/1.1 200 O\0K" + CRLF + "Content-Length: 0" + CRLF + CRLF),
                open("a bare CR in the reason", "HTTP/1.1 200 O\rK" + CRLF + "Content-Length: 0" + CRLF + CRLF),
                open("a bare LF behind the status line", "HTTP/1.1 200 OK\nContent-Length: 0" + CRLF + CRLF),
                open(
                        "an upgrade that nobody asked for",
                        "HTTP/1.1 101 Switching Protocols" + CRLF + "Connection: upgrade" + CRLF + "Upgrade: x" + CRLF
                                + CRLF));
    }

    private static Stream<ResponseRow> fields() {
        return Stream.of(
                head("a line without a colon", "no colon here"),
                head("a line without a name", ": value"),
                head("a space before the colon", "X-A : b"),
                head("a space in the name", "X A: b"),
                head("NUL in the value", "X-A: b\0c"),
                head("a control byte in the value", "X-A: b\u0001c"),
                head("a bare CR in the value", "X-A: b\rSet-Cookie: c"),
                head("a bare LF behind a value", "X-A: b\nX-B: c"),
                head("a folded value", "X-A: b" + CRLF + " c"),
                head("a head over the limit", "X-A: " + "a".repeat(17_000)));
    }

    private static Stream<ResponseRow> endings() {
        return Stream.of(
                ends("closed before the head", SocketEnd.CLOSE, ""),
                ends("half-closed before the head", SocketEnd.HALF_CLOSE, ""),
                ends("reset before the head", SocketEnd.RESET, ""),
                ends("closed in the head", SocketEnd.CLOSE, OK + "Content-Le"),
                ends("half-closed in the head", SocketEnd.HALF_CLOSE, OK + "Content-Le"),
                ends("reset in the head", SocketEnd.RESET, OK + "Content-Le"),
                ends("closed behind an interim response", SocketEnd.CLOSE, "HTTP/1.1 100 Continue" + CRLF + CRLF));
    }

    private static ResponseRow head(String name, String... lines) {
        return open(
                name, OK + String.join(CRLF, lines) + CRLF + CRLF + "5" + CRLF + "hello" + CRLF + "0" + CRLF + CRLF);
    }

    private static ResponseRow open(String name, String bytes) {
        return ends(name, SocketEnd.STALL, bytes);
    }

    private static ResponseRow ends(String name, SocketEnd ending, String bytes) {
        return new ResponseRow(name, "GET", bytes, ending);
    }
}
