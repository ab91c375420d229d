package dev.turnout.config;

import io.smallrye.config.SmallRyeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration that the Turnout of this machine is started with, as a command sees it: with the file of the Debian
 * package, which the service alone is told of.
 *
 * @param report what the check of the start says
 * @param values the values; empty if there are errors
 * @param unreadable the configuration files that this process may not read
 */
public record ServedConfig(ConfigReport report, Optional<TurnoutConfig> values, List<Path> unreadable) {

    public ServedConfig {
        unreadable = List.copyOf(unreadable);
    }

    /**
     * Reads and checks the configuration. What the start script would give to the server's JVM counts too. Errors are in
     * the report. What the server's process may have is not looked at: this process may have more or less. Blocks.
     *
     * @param environment the variables of this process
     */
    public static ServedConfig read(Map<String, String> environment) {
        JavaOptions.of(environment).forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
        FurtherFiles files = FurtherFiles.ofService(environment);
        try {
            SmallRyeConfig config = StartCheck.read(files);
            ConfigReport report = StartCheck.check(config);
            Optional<TurnoutConfig> values =
                    report.isSound() ? Optional.of(new TurnoutConfig(config)) : Optional.empty();
            return new ServedConfig(report, values, files.unreadable());
        } catch (RuntimeException e) {
            return new ServedConfig(
                    new ConfigReport(List.of("The configuration can't be read: " + e.getMessage()), List.of()),
                    Optional.empty(),
                    files.unreadable());
        }
    }

    /** Returns what the start would say: a file that it may not read is an error. */
    public ConfigReport ofStart() {
        return unreadable.isEmpty() ? report : new ConfigReport(FurtherFiles.errors(unreadable), List.of());
    }

    /** Returns how many files and sockets these limits need. */
    public static long descriptors(TurnoutConfig config) {
        return StartCheck.capacity(config).descriptors();
    }
}
