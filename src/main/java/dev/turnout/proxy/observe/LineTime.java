package dev.turnout.proxy.observe;

import dev.turnout.proxy.http1.AccessLine;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time of a line of the access log. It is formatted once a second. To be used on one event loop only. */
final class LineTime {

    private static final int MILLIS_PER_SECOND = 1000;

    private final DateTimeFormatter dateAndTime = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);
    private final DateTimeFormatter offset = DateTimeFormatter.ofPattern("XXX", Locale.ROOT);
    private final DateTimeFormatter common = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);
    private final ZoneId zone = ZoneId.systemDefault();
    private long second = -1;
    private int millis;
    private String beforeMillis = "";
    private String behindMillis = "";
    private String ofCommonFormat = "";

    /** Takes the time of the next line. Milliseconds since 1970. */
    void update(long epochMillis) {
        millis = Math.floorMod(epochMillis, MILLIS_PER_SECOND);
        long now = Math.floorDiv(epochMillis, MILLIS_PER_SECOND);
        if (now != second) {
            second = now;
            ZonedDateTime local = Instant.ofEpochSecond(now).atZone(zone);
            beforeMillis = dateAndTime.format(local) + ".";
            behindMillis = offset.format(local);
            ofCommonFormat = common.format(local);
        }
    }

    /** Writes the time as in ISO 8601, with milliseconds. */
    void writeIso(AccessLine line) {
        line.text(beforeMillis).thousandths(millis).text(behindMillis);
    }

    /** Returns the time as in the common log format, in seconds. */
    String common() {
        return ofCommonFormat;
    }
}
