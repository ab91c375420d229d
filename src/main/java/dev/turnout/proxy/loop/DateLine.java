package dev.turnout.proxy.loop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The Date field line of the current second (RFC 9110, section 6.6.1), formatted once a second. Event loop only. */
final class DateLine {

    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final LongSupplier millis;
    private long second = Long.MIN_VALUE;
    private byte[] line = {};

    /**
     * @param millis the time in milliseconds since 1970
     */
    DateLine(LongSupplier millis) {
        this.millis = millis;
    }

    /** Returns the line with its CRLF. The caller does not change the array. */
    byte[] now() {
        long current = Math.floorDiv(millis.getAsLong(), 1000L);
        if (current != second) {
            second = current;
            line = ("Date: " + IMF_FIXDATE.format(Instant.ofEpochSecond(current)) + "\r\n").getBytes(US_ASCII);
        }
        return line;
    }
}
