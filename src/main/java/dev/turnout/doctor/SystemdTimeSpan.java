package dev.turnout.doctor;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The time spans of systemd units: systemd.time(7). */
final class SystemdTimeSpan {

    private static final Pattern PART =
            Pattern.compile("([0-9]{1,9})(?![0-9])(?:\\.([0-9]{1,6})[0-9]*)?\\s*([a-zµμ]*)\\s*");
    private static final int DECIMALS = 6;
    private static final long MILLION = 1_000_000;

    private static final Map<String, Duration> UNITS = Map.ofEntries(
            Map.entry("", Duration.ofSeconds(1)),
            Map.entry("us", Duration.ofNanos(1000)),
            Map.entry("usec", Duration.ofNanos(1000)),
            Map.entry("µs", Duration.ofNanos(1000)),
            Map.entry("μs", Duration.ofNanos(1000)),
            Map.entry("ms", Duration.ofMillis(1)),
            Map.entry("msec", Duration.ofMillis(1)),
            Map.entry("s", Duration.ofSeconds(1)),
            Map.entry("sec", Duration.ofSeconds(1)),
            Map.entry("second", Duration.ofSeconds(1)),
            Map.entry("seconds", Duration.ofSeconds(1)),
            Map.entry("m", Duration.ofMinutes(1)),
            Map.entry("min", Duration.ofMinutes(1)),
            Map.entry("minute", Duration.ofMinutes(1)),
            Map.entry("minutes", Duration.ofMinutes(1)),
            Map.entry("h", Duration.ofHours(1)),
            Map.entry("hr", Duration.ofHours(1)),
            Map.entry("hour", Duration.ofHours(1)),
            Map.entry("hours", Duration.ofHours(1)),
            Map.entry("d", Duration.ofDays(1)),
            Map.entry("day", Duration.ofDays(1)),
            Map.entry("days", Duration.ofDays(1)));

    private SystemdTimeSpan() {}

    /**
     * Returns how long a span such as {@code 90}, {@code 1min 30s} or {@code 500ms} is; empty if it is something else, or
     * {@code infinity}. Weeks and longer units are not read.
     */
    static Optional<Duration> read(String span) {
        String text = span.strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Duration sum = Duration.ZERO;
        Matcher part = PART.matcher(text);
        for (int at = 0; at < text.length(); at = part.end()) {
            Duration unit = part.region(at, text.length()).lookingAt() ? UNITS.get(part.group(3)) : null;
            if (unit == null) {
                return Optional.empty();
            }
            String millionths = (part.group(2) == null ? "" : part.group(2)) + "000000";
            sum = sum.plus(unit.multipliedBy(Long.parseLong(part.group(1))))
                    .plus(unit.multipliedBy(Long.parseLong(millionths.substring(0, DECIMALS)))
                            .dividedBy(MILLION));
        }
        return Optional.of(sum);
    }
}
