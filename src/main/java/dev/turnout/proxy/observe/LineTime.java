package dev.turnout.proxy.observe;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time of a line of the access log. It is formatted once a second. To be used on one event loop only. */
final class LineTime {

    private static final long MILLIS_PER_SECOND = 1000;

    private final DateTimeFormatter dateAndTime = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);
    private final DateTimeFormatter offset = DateTimeFormatter.ofPattern("XXX", Locale.ROOT);
    private final DateTimeFormatter common = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);
    private final ZoneId zone = ZoneId.systemDefault();
    private long second = -1;
    private long millis;
    private String beforeMillis = "";
    private String behindMillis = "";
    private String ofCommonFormat = "";

    /** Takes the time of the next line. */
    void update(Instant now) {
        millis = Math.floorMod(now.toEpochMilli(), MILLIS_PER_SECOND);
        if (now.getEpochSecond() != second) {
            second = now.getEpochSecond();
            ZonedDateTime local = now.atZone(zone);
            beforeMillis = dateAndTime.format(local) + ".";
            behindMillis = offset.format(local);
            ofCommonFormat = common.format(local);
        }
    }

    /** Returns the time as in ISO 8601, with milliseconds. */
    String iso() {
        return beforeMillis + Long.toString(MILLIS_PER_SECOND + millis).substring(1) + behindMillis;
    }

    /** Returns the time as in the common log format, in seconds. */
    String common() {
        return ofCommonFormat;
    }
}
