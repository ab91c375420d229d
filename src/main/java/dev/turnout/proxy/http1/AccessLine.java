package dev.turnout.proxy.http1;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines of the access log. What a client chose is escaped, so that no value can end its field or its line.
 *
 * <p>Not safe for use by more than one thread.
 */
public final class AccessLine {

    private final HeadWriter out;
    private final QueryRedaction redaction;

    /**
     * @param out what lines are appended to
     * @param redaction what is left out of URLs
     */
    public AccessLine(HeadWriter out, QueryRedaction redaction) {
        this.out = out;
        this.redaction = redaction;
    }

    /** Appends text that needs no escape. */
    public AccessLine text(String text) {
        out.append(text);
        return this;
    }

    /** Appends a word that a client chose, or another text if there is none. A space is escaped too, since it ends a word. */
    public AccessLine word(@Nullable String word, String otherwise) {
        if (word == null || word.isEmpty()) {
            return text(otherwise);
        }
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        escaped(bytes, 0, bytes.length, ' ' + 1);
        return this;
    }

    /** Appends a whole number that is not negative. */
    public AccessLine number(long number) {
        out.number(number);
        return this;
    }

    /** Appends seconds with their milliseconds: {@code 0.012}. */
    public AccessLine seconds(long millis) {
        out.number(millis / 1000).octet('.');
        return thousandths((int) (millis % 1000));
    }

    /** Appends a number below 1,000 with three digits. */
    public AccessLine thousandths(int number) {
        out.octet('0' + number / 100).octet('0' + number / 10 % 10).octet('0' + number % 10);
        return this;
    }

    /**
     * Appends {@code METHOD TARGET}, as sent but for what is left out.
     *
     * @param sent as of {@link #target}
     */
    public AccessLine request(RequestView head, byte @Nullable [] sent) {
        return method(head).text(" ").target(head, sent);
    }

    /** Appends the method, as sent. */
    public AccessLine method(RequestView head) {
        escaped(head.bytes(), head.start(), head.methodEnd());
        return this;
    }

    /**
     * Appends the request target, as sent but for what is left out.
     *
     * @param sent the target that the client has sent; null if it is that of the head
     */
    public AccessLine target(RequestView head, byte @Nullable [] sent) {
        if (sent == null) {
            redaction.pass(head.bytes(), head.methodEnd() + 1, head.targetEnd(), this::escaped);
        } else {
            redaction.pass(sent, 0, sent.length, this::escaped);
        }
        return this;
    }

    /** Appends the last value of a field, a Referer without what is left out, or another text if there is none. */
    public AccessLine field(RequestView head, FieldName name, String otherwise) {
        return head.find(name) == 0 ? text(otherwise) : found(head, name);
    }

    /** Appends a text and behind it the last value of a field as {@link #field} does, or nothing if there is none. */
    public AccessLine member(String before, RequestView head, FieldName name) {
        return head.find(name) == 0 ? this : text(before).found(head, name);
    }

    private AccessLine found(RequestView head, FieldName name) {
        if (name == FieldName.REFERER) {
            redaction.pass(head.bytes(), head.valueStart(), head.valueEnd(), this::escaped);
        } else {
            escaped(head.bytes(), head.valueStart(), head.valueEnd());
        }
        return this;
    }

    /** Every octet that is not plain becomes {@code \}{@code u00XX}, which JSON and people can read. */
    private void escaped(byte[] bytes, int from, int to) {
        escaped(bytes, from, to, ' ');
    }

    /** @param plain the first octet that is plain */
    private void escaped(byte[] bytes, int from, int to, int plain) {
        int runStart = from;
        for (int at = from; at < to; at++) {
            int b = bytes[at] & 0xff;
            if (b < plain || b >= 0x7f || b == '"' || b == '\\') {
                out.append(bytes, runStart, at)
                        .append(new byte[] {'\\', 'u', '0', '0', Octets.hexDigit(b >> 4), Octets.hexDigit(b)});
                runStart = at + 1;
            }
        }
        out.append(bytes, runStart, to);
    }
}
