package dev.turnout.sample;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What can be set of this application, as {@code app.*}.
 *
 * @param version shown at {@code /version}, to tell one deployment from the next
 * @param failStart whether the start ends with an error
 * @param startDelay how long the start takes before the port opens
 * @param health how requests are answered once it is open
 */
@ConfigurationProperties("app")
record AppSettings(String version, boolean failStart, Duration startDelay, Health health) {

    /**
     * As it should be; everything answered with 500; everything but {@code /}, which probes ask for; everything taken and
     * nothing answered.
     */
    enum Health {
        UP,
        DOWN,
        HOLLOW,
        MUTE
    }
}
