package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.http1.FieldLines;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.http1.StreamKind;
import java.util.Locale;
import java.util.Set;

/** The answers of an application in whose place a browser gets the operator's page. */
final class Interception {

    static final String CAUSE = "intercepted";

    /** Without these a client could not go on: RFC 9110, sections 11.6.1 and 15.5.6. */
    private static final Set<String> KEPT = Set.of("www-authenticate", "allow");

    private static final String RETRY_AFTER = "retry-after";
    private static final int MOST_RETRY_DIGITS = 6;
    private static final int FIRST_ERROR = 400;

    private Interception() {}

    /** Returns true if an answer may be replaced: it is an error, and no stream. */
    static boolean isError(ResponseHead head) {
        return head.status() >= FIRST_ERROR && head.streamKind() == StreamKind.NONE;
    }

    /** Returns what stands for the application's answer: its status, and the lines that a client needs. */
    static LocalReply replyFor(ResponseHead head) {
        StringBuilder lines = new StringBuilder();
        int retryAfterSeconds = 1;
        FieldLines fields = head.fields();
        for (int i = 0; i < fields.size(); i++) {
            String name = text(fields, fields.lineStart(i), fields.nameEnd(i));
            String value = text(fields, fields.valueStart(i), fields.valueEnd(i));
            if (KEPT.contains(name.toLowerCase(Locale.ROOT))) {
                lines.append(name).append(": ").append(value).append("\r\n");
            } else if (name.toLowerCase(Locale.ROOT).equals(RETRY_AFTER)) {
                retryAfterSeconds = seconds(value);
            }
        }
        return new LocalReply(head.status(), CAUSE, "The application answers so.", lines.toString(), retryAfterSeconds);
    }

    private static int seconds(String value) {
        boolean isNumber = !value.isEmpty()
                && value.length() <= MOST_RETRY_DIGITS
                && value.chars().allMatch(Character::isDigit);
        return isNumber ? Integer.parseInt(value) : 1;
    }

    private static String text(FieldLines fields, int from, int to) {
        return new String(fields.bytes(), from, to - from, ISO_8859_1);
    }
}
