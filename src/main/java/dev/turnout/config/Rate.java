package dev.turnout.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many requests may come in a time.
 *
 * @param count how many
 * @param period in how long
 */
public record Rate(int count, Duration period) {

    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,6})/([smh])");

    /** Reads {@code 10/s}, {@code 100/m} or {@code 1000/h}. */
    static Rate parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException();
        }
        Duration period =
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(1);
                    case "m" -> Duration.ofMinutes(1);
                    default -> Duration.ofHours(1);
                };
        return new Rate(Integer.parseInt(matcher.group(1)), period);
    }
}
