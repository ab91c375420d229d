package dev.turnout.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** The system properties in {@code JAVA_OPTS}, which the start script gives to the server's JVM. */
final class JavaOptions {

    private static final String VARIABLE = "JAVA_OPTS";
    private static final String PROPERTY = "-D";

    private JavaOptions() {}

    /** Returns the properties by name; none for an executable, which has no JVM. */
    static Map<String, String> of(Map<String, String> environment) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String option : environment.getOrDefault(VARIABLE, "").split("\\s+")) {
            int equals = option.indexOf('=');
            if (!Executable.isThis() && option.startsWith(PROPERTY) && equals > PROPERTY.length()) {
                properties.put(option.substring(PROPERTY.length(), equals), option.substring(equals + 1));
            }
        }
        return properties;
    }
}
