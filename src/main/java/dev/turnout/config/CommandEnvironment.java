package dev.turnout.config;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The environment of a command: Turnout's environment without Turnout's own settings.
 *
 * <p>The settings are removed; everything else is passed. A command may be a wrapper that needs other variables, such as
 * {@code DOCKER_HOST}. All settings of Turnout begin with one of a few words, and so do the secrets among them.
 */
final class CommandEnvironment {

    /** The name of a setting, of any profile. MicroProfile Config finds each of these forms. */
    private static final Pattern SETTING = Pattern.compile("(_[A-Z0-9_]+_)?(TURNOUT|QUARKUS|SMALLRYE)_.*");

    /** Options of the JVM, which may hold a setting, and what systemd tells the process that it has started. */
    private static final Set<String> OWN = Set.of(
            "JAVA_OPTS",
            "JAVA_TOOL_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "_JAVA_OPTIONS",
            "NOTIFY_SOCKET",
            "WATCHDOG_USEC",
            "WATCHDOG_PID",
            "LISTEN_FDS",
            "LISTEN_PID",
            "LISTEN_FDNAMES");

    private CommandEnvironment() {}

    /** Removes from an environment what a command does not get. */
    static void clean(Map<String, String> environment) {
        environment.keySet().removeIf(CommandEnvironment::isOwn);
    }

    static boolean isOwn(String name) {
        String plain = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
        return OWN.contains(name) || SETTING.matcher(plain).matches();
    }
}
