package dev.turnout.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Settings that the file {@value #FILE} gives, for tests. Each is written {@code key=value}, without {@code turnout.}. */
final class GivenSettings {

    private static final String FILE = "test.properties";

    private GivenSettings() {}

    /** Returns the values by their whole names. */
    static Map<String, String> named(String... settings) {
        Map<String, String> values = new HashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            values.put("turnout." + setting.substring(0, equals), setting.substring(equals + 1));
        }
        return values;
    }

    /** Returns the same with a target for each slot of the service at the top, where no setting says otherwise. */
    static Map<String, String> withTargets(String... settings) {
        Map<String, String> values = named(settings);
        values.putIfAbsent("turnout.blue", "127.0.0.1:1");
        values.putIfAbsent("turnout.green", "127.0.0.1:2");
        return values;
    }

    /** @param variables the names of environment variables that are set beside the file */
    static ConfigReport check(Map<String, String> values, List<String> variables) {
        GivenKeys given = new GivenKeys(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(values, FILE, 100))
                .build());
        return ConfigCheck.run(given::find, given.names(), variables);
    }
}
