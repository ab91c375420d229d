package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.ResponseRewriter.Persistence;
import dev.turnout.support.wire.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;

/** What holds of {@link ResponseHead} and {@link ResponseRewriter} whatever a target sends. */
final class ResponseHeadProperties {

    private static final byte[] DATE = "Date: now\r\n".getBytes(ISO_8859_1);
    private static final int LIMIT = 512;

    private ResponseHeadProperties() {}

    /** Checks them; of a long input only the beginning, which is over the limit already. */
    static void hold(byte[] all) {
        byte[] input = Arrays.copyOf(all, Math.min(all.length, 2 * LIMIT));
        ScanProperties.hold(input, limit -> new Scanning(new ResponseHead(limit)), LIMIT);
        agreesWithASecondReader(input);
    }

    private record Scanning(ResponseHead head) implements ScanOutcome.Scanner {

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
        ResponseHead head = new ResponseHead(LIMIT);
        ScanOutcome verdict = ScanOutcome.of(new Scanning(head), input);
        StrictHead.Reading reading = StrictHead.response(input);
        if (verdict.isRejected() && verdict.isForSize()) {
            assertThat(input.length).isGreaterThanOrEqualTo(LIMIT);
        } else if (reading instanceof StrictHead.Whole whole) {
            assertThat(verdict).isEqualTo(new ScanOutcome(whole.head().length(), null));
            understandsTheSame(head, whole.head());
            for (Persistence persistence : Persistence.values()) {
                rewritesToOneResponse(head, whole.head(), persistence, false);
                rewritesToOneResponse(head, whole.head(), persistence, true);
            }
        } else if (reading instanceof StrictHead.Broken broken) {
            assertThat(verdict.isRejected()).as(broken.why()).isTrue();
        } else {
            assertThat(verdict.isAccepted()).isFalse();
        }
    }

    private static void understandsTheSame(ResponseHead head, StrictHead strict) {
        Matcher line = strict.statusLine();
        assertThat(head.status()).isEqualTo(Integer.parseInt(line.group("status")));
        assertThat(head.isHttp11()).isEqualTo(line.group("minor").equals("1"));
        assertThat(head.isChunked()).isEqualTo(strict.fields().has("Transfer-Encoding"));
        assertThat(head.contentLength())
                .isEqualTo(strict.fields()
                        .only("Content-Length")
                        .map(Long::parseLong)
                        .orElse(-1L));
        assertThat(head.keepAliveSeconds()).isBetween(-1, 999_999);
        if (head.isForwardable()) {
            assertThat(line.group("reason")).isNotNull();
            assertThat(strict.fields().all("Connection")).allMatch("keep-alive"::equalsIgnoreCase);
            assertThat(withoutConnection(strict.fields().lines())).isEqualTo(strict.endToEnd());
        }
    }

    private static void rewritesToOneResponse(
            ResponseHead head, StrictHead received, Persistence persistence, boolean toHttp10) {
        HeadWriter out = new HeadWriter();
        ResponseRewriter.rewrite(head, persistence, toHttp10, DATE, new byte[0], out);
        byte[] bytes = Arrays.copyOf(out.bytes(), out.length());
        StrictHead.Reading reading = StrictHead.response(bytes);
        assertThat(reading).as(new String(bytes, ISO_8859_1)).isInstanceOf(StrictHead.Whole.class);
        StrictHead sent = ((StrictHead.Whole) reading).head();
        assertThat(sent.length()).as("one head and nothing behind it").isEqualTo(bytes.length);
        Matcher line = received.statusLine();
        String reason = line.group("reason") == null ? "" : line.group("reason");
        assertThat(sent.start()).isEqualTo("HTTP/1.1 " + line.group("status") + " " + reason);
        boolean unframed = head.status() < 200 || head.status() == 204;
        List<Field> expected = received.endToEnd().stream()
                .filter(field -> !field.name().equalsIgnoreCase("Content-Length") || !unframed)
                .filter(field -> !field.name().equalsIgnoreCase("Transfer-Encoding") || !unframed && !toHttp10)
                .filter(field -> !field.name().equalsIgnoreCase("Trailer") || !toHttp10)
                .toList();
        boolean undated = head.status() >= 200 && !received.fields().has("Date");
        assertThat(sent.endToEnd().stream()
                        .filter(field -> !undated || !field.name().equals("Date"))
                        .toList())
                .isEqualTo(expected);
        assertThat(sent.fields().all("Date"))
                .isEqualTo(undated ? List.of("now") : received.fields().all("Date"));
        assertThat(sent.fields().has("Keep-Alive")).isFalse();
        assertThat(sent.fields().has("Proxy-Connection")).isFalse();
        assertThat(sent.fields().has("TE")).isFalse();
        boolean requiresUpgrade = head.status() == 426 && received.fields().has("Upgrade");
        assertThat(sent.fields().has("Upgrade"))
                .isEqualTo(requiresUpgrade
                        || persistence == Persistence.UPGRADE
                                && received.fields().has("Upgrade"));
        List<String> connection = new ArrayList<>(connection(persistence));
        if (requiresUpgrade && persistence != Persistence.UPGRADE) {
            connection.add("Upgrade");
        }
        assertThat(sent.fields().all("Connection")).isEqualTo(connection);
    }

    private static List<String> connection(Persistence persistence) {
        return switch (persistence) {
            case IMPLIED -> List.of();
            case KEEP_ALIVE -> List.of("keep-alive");
            case CLOSE -> List.of("close");
            case UPGRADE -> List.of("Upgrade");
        };
    }

    private static List<Field> withoutConnection(List<Field> fields) {
        return fields.stream()
                .filter(field -> !field.name().equalsIgnoreCase("Connection"))
                .toList();
    }
}
