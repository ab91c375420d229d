package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.wire.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/** What holds of {@link RequestHead} and {@link RequestRewriter} whatever a client sends. */
final class RequestHeadProperties {

    private static final int LIMIT = 512;
    private static final byte[] ID = "00000000000000ab".getBytes(ISO_8859_1);
    private static final ForgedFields FORGED = ForgedFields.of(List.of("X-Real-IP", "X-Mine"));
    private static final ClientInfo STRANGER = new ClientInfo("192.0.2.7", "http", "192.0.2.1:80", false);
    private static final ClientInfo STRANGER_V6 = new ClientInfo("::7", "https", "[::1]:443", false);
    private static final ClientInfo FRONT_PROXY = new ClientInfo("10.0.0.2", "http", "10.0.0.1:80", true);

    /** What is not there any more, or is Turnout's own; names that end at this hop are not looked at. */
    private static final Set<String> REMOVED = removed();

    private RequestHeadProperties() {}

    private static Set<String> removed() {
        Set<String> removed = new HashSet<>(StrictHead.ADDED);
        removed.addAll(List.of("x-real-ip", "x-mine", "x-turnout", "expect"));
        return removed;
    }

    /** Checks them; of a long input only the beginning, which is over the limit already. */
    static void hold(byte[] all) {
        byte[] input = Arrays.copyOf(all, Math.min(all.length, 2 * LIMIT));
        ScanProperties.hold(input, RequestHeadProperties::scanner, LIMIT);
        agreesWithASecondReader(input);
    }

    private static ScanOutcome.Scanner scanner(int limit) {
        return new Scanning(new RequestHead(limit));
    }

    private record Scanning(RequestHead head) implements ScanOutcome.Scanner {

        @Override
        public int scan(byte[] source, int from, int to) {
            return head.scan(source, from, to);
        }

        @Override
        public Rejection rejection() {
            return head.rejection();
        }
    }

    private static void agreesWithASecondReader(byte[] input) {
        RequestHead head = new RequestHead(LIMIT);
        ScanOutcome verdict = ScanOutcome.of(new Scanning(head), input);
        StrictHead.Reading reading = StrictHead.request(input);
        if (verdict.isRejected() && verdict.isForSize()) {
            assertThat(input.length).isGreaterThanOrEqualTo(LIMIT);
        } else if (reading instanceof StrictHead.Whole whole) {
            assertThat(verdict).isEqualTo(new ScanOutcome(whole.head().length(), null));
            understandsTheSame(head, whole.head());
            isViewedTheSame(head);
            rewritesToOneRequest(head, whole.head(), STRANGER, "192.0.2.1:80");
            rewritesToOneRequest(head, whole.head(), STRANGER_V6, "[::1]:443");
            rewritesToOneRequest(head, whole.head(), FRONT_PROXY, "10.0.0.1:80");
            saysTheTruthOfAStranger(head, whole.head());
            appendsToTheListsOfATrustedProxy(head, whole.head());
        } else if (reading instanceof StrictHead.Broken broken) {
            assertThat(verdict.isRejected()).as(broken.why()).isTrue();
        } else {
            assertThat(verdict.isAccepted()).isFalse();
        }
    }

    private static void understandsTheSame(RequestHead head, StrictHead strict) {
        Matcher line = strict.requestLine();
        assertThat(head.method()).isEqualTo(line.group(1));
        assertThat(head.isHttp11()).isEqualTo(line.group("minor").equals("1"));
        assertThat(head.isAbsolute()).isEqualTo(line.group("authority") != null);
        List<Field> fields = new ArrayList<>();
        FieldLines lines = head.fields();
        for (int i = 0; i < lines.size(); i++) {
            String text = new String(
                    head.bytes(), lines.lineStart(i), lines.lineStart(i + 1) - lines.lineStart(i), ISO_8859_1);
            String value =
                    new String(head.bytes(), lines.valueStart(i), lines.valueEnd(i) - lines.valueStart(i), ISO_8859_1);
            fields.add(new Field(text.substring(0, text.indexOf(':')), value));
        }
        assertThat(fields).isEqualTo(strict.fields().lines());
        assertThat(head.isChunked()).isEqualTo(strict.fields().has("Transfer-Encoding"));
        assertThat(head.contentLength())
                .isEqualTo(strict.fields()
                        .only("Content-Length")
                        .map(Long::parseLong)
                        .orElse(0L));
    }

    private static void isViewedTheSame(RequestHead head) {
        RequestView view = new RequestView().of(head.bytes(), head.start());
        assertThat(view.start()).isEqualTo(head.start());
        assertThat(view.methodEnd()).isEqualTo(head.methodEnd());
        assertThat(view.targetEnd()).isEqualTo(head.targetEnd());
        FieldLines lines = head.fields();
        for (FieldName name : FieldName.values()) {
            if (name != FieldName.OTHER) {
                assertThat(view.find(name)).as(name.toString()).isEqualTo(lines.count(name));
                if (lines.count(name) > 0) {
                    assertThat(value(view.bytes(), view.valueStart(), view.valueEnd()))
                            .isEqualTo(value(
                                    head.bytes(),
                                    lines.valueStart(lines.last(name)),
                                    lines.valueEnd(lines.last(name))));
                }
            }
        }
    }

    private static String value(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }

    private static void rewritesToOneRequest(
            RequestHead head, StrictHead received, ClientInfo client, String fallbackHost) {
        byte[] bytes = rewritten(head, client);
        StrictHead sent = whole(bytes);
        assertThat(sent.length()).as("one request and nothing behind it").isEqualTo(bytes.length);
        Matcher from = received.requestLine();
        assertThat(sent.start()).isEqualTo(from.group(1) + " " + originForm(from) + " HTTP/1.1");
        assertThat(sent.fields().all("Host")).containsExactly(host(received, fallbackHost));
        assertThat(sent.fields().all("Content-Length"))
                .isEqualTo(received.fields().all("Content-Length"));
        assertThat(sent.fields().all("Transfer-Encoding"))
                .isEqualTo(received.fields().all("Transfer-Encoding"));
        assertThat(passedOn(sent)).isEqualTo(passedOn(received));
        endsAtThisHop(sent, received);
        assertThat(sent.fields().has("X-Turnout-Front")).isFalse();
        assertThat(sent.fields().has("X-Turnout-Slot")).isFalse();
        understandsItsOwnWriting(bytes, received);
    }

    private static void endsAtThisHop(StrictHead sent, StrictHead received) {
        assertThat(sent.fields().has("Keep-Alive")).isFalse();
        assertThat(sent.fields().has("Proxy-Connection")).isFalse();
        if (sent.fields().has("TE")) {
            assertThat(sent.fields().only("TE")).contains("trailers");
            assertThat(String.join(",", received.fields().all("TE")).toLowerCase(Locale.ROOT))
                    .contains("trailers");
        }
        if (sent.fields().has("TE")) {
            assertThat(sent.fields().only("Connection")).contains("TE");
        } else if (sent.fields().has("Connection") || sent.fields().has("Upgrade")) {
            assertThat(sent.fields().only("Connection")).contains("Upgrade");
            assertThat(sent.fields().only("Upgrade"))
                    .isEqualTo(received.fields().only("Upgrade"));
            assertThat(String.join(",", received.fields().all("Connection")).toLowerCase(Locale.ROOT))
                    .contains("upgrade");
            assertThat(received.fields().has("Transfer-Encoding")).isFalse();
        }
    }

    /** The framing stays what it was, however often a head is written; a stranger's head stays so to the letter. */
    private static void understandsItsOwnWriting(byte[] bytes, StrictHead received) {
        RequestHead again = new RequestHead(16 * LIMIT);
        assertThat(again.scan(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        assertThat(again.isChunked()).isEqualTo(received.fields().has("Transfer-Encoding"));
        byte[] once = rewritten(again, STRANGER);
        RequestHead third = new RequestHead(16 * LIMIT);
        assertThat(third.scan(once, 0, once.length)).isEqualTo(once.length);
        assertThat(rewritten(third, STRANGER)).isEqualTo(once);
    }

    private static void saysTheTruthOfAStranger(RequestHead head, StrictHead received) {
        StrictHead sent = whole(rewritten(head, STRANGER_V6));
        String host = host(received, "[::1]:443");
        assertThat(sent.fields().all("X-Forwarded-For")).containsExactly("::7");
        assertThat(sent.fields().all("X-Forwarded-Proto")).containsExactly("https");
        assertThat(sent.fields().all("X-Forwarded-Port")).hasSize(1).allMatch(port -> port.matches("[0-9]{1,5}"));
        assertThat(sent.fields().all("X-Forwarded-Host")).containsExactly(host);
        assertThat(sent.fields().all("Forwarded")).containsExactly("for=\"[::7]\";proto=https;host=\"" + host + "\"");
        assertThat(sent.fields().all("X-Request-Id")).containsExactly(new String(ID, ISO_8859_1));
    }

    private static void appendsToTheListsOfATrustedProxy(RequestHead head, StrictHead received) {
        StrictHead sent = whole(rewritten(head, FRONT_PROXY));
        List<String> addresses = received.fields().all("X-Forwarded-For");
        assertThat(sent.fields().all("X-Forwarded-For"))
                .singleElement()
                .asString()
                .endsWith("10.0.0.2");
        if (addresses.stream().anyMatch(value -> !value.isEmpty() && !value.matches("[, \t]*"))) {
            assertThat(sent.fields().all("X-Forwarded-For"))
                    .containsExactly(appended(received, "X-Forwarded-For", "10.0.0.2"));
        }
        assertThat(sent.fields().all("Forwarded")).hasSizeLessThan(2).allMatch(value -> value.contains("for=10.0.0.2"));
        for (String name : List.of("X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port")) {
            assertThat(sent.fields().all(name)).isNotEmpty();
            List<String> said = received.fields().all(name).stream()
                    .filter(value -> !value.isEmpty())
                    .toList();
            assertThat(sent.fields().all(name)).containsAll(said);
        }
        if (received.fields().has("X-Request-Id")) {
            assertThat(sent.fields().all("X-Request-Id"))
                    .isEqualTo(received.fields().all("X-Request-Id"));
        } else {
            assertThat(sent.fields().all("X-Request-Id")).hasSize(1);
        }
    }

    private static String appended(StrictHead received, String name, String last) {
        Stream<String> before = received.fields().all(name).stream().filter(value -> !value.isEmpty());
        return String.join(", ", Stream.concat(before, Stream.of(last)).toList());
    }

    /** The lines that are neither the Host's nor Turnout's to write. */
    private static List<Field> passedOn(StrictHead head) {
        return head.endToEnd().stream()
                .filter(field -> !field.name().equalsIgnoreCase("Host"))
                .filter(field -> !isRemoved(field.name()))
                .toList();
    }

    private static boolean isRemoved(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String folded = lower.replaceAll("[^a-z0-9]", "-");
        return REMOVED.contains(folded)
                || !folded.equals(lower)
                        && (StrictHead.KEPT.contains(folded) || StrictHead.HOP_BY_HOP.contains(folded));
    }

    private static String originForm(Matcher line) {
        if (line.group("authority") == null) {
            return line.group(2);
        }
        String rest = line.group("rest");
        if (rest.isEmpty()) {
            return line.group(1).equals("OPTIONS") ? "*" : "/";
        }
        return rest.startsWith("?") ? "/" + rest : rest;
    }

    private static String host(StrictHead received, String fallback) {
        String authority = received.requestLine().group("authority");
        return authority != null ? authority : received.fields().only("Host").orElse(fallback);
    }

    private static StrictHead whole(byte[] bytes) {
        StrictHead.Reading reading = StrictHead.request(bytes);
        assertThat(reading).as(new String(bytes, ISO_8859_1)).isInstanceOf(StrictHead.Whole.class);
        return ((StrictHead.Whole) reading).head();
    }

    private static byte[] rewritten(RequestHead head, ClientInfo client) {
        HeadWriter out = new HeadWriter();
        new RequestRewriter(ID, FORGED, null).rewrite(head, client, 0, new byte[0], RequestRewriter.AS_FRAMED, out);
        return Arrays.copyOf(out.bytes(), out.length());
    }
}
