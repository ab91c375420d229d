package dev.turnout.config;

import dev.turnout.config.TurnoutConfig.Mode;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SysPropConfigSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * The check of this process's configuration, read from the places that Quarkus reads it from. The check comes before
 * Quarkus' own, which stops at the first error.
 */
public final class StartCheck {

    private static final int ENVIRONMENT_ORDINAL = 300;

    private StartCheck() {}

    /**
     * What the check found.
     *
     * @param configuration what holds; empty if the report has errors
     */
    public record Result(ConfigReport report, Optional<TurnoutConfig> configuration) {

        private static Result unsound(List<String> errors) {
            return new Result(new ConfigReport(errors, List.of()), Optional.empty());
        }
    }

    /** Checks the configuration. To be called before Quarkus is started, on the thread that starts Quarkus. */
    public static Result run() {
        FurtherFiles further = FurtherFiles.named(System.getenv());
        if (!further.unreadable().isEmpty()) {
            return Result.unsound(FurtherFiles.errors(further.unreadable()));
        }
        try {
            Path directory = directory(further);
            List<Path> lost = RunTimeServices.unreadable(directory);
            if (!lost.isEmpty()) {
                return Result.unsound(FurtherFiles.errors(lost));
            }
            SmallRyeConfig config = read(further, directory);
            ConfigReport report = check(config);
            if (!report.isSound()) {
                return new Result(report, Optional.empty());
            }
            TurnoutConfig configuration = new TurnoutConfig(config);
            return new Result(
                    report.with(capacity(configuration).warnings(Machine.here())), Optional.of(configuration));
        } catch (RuntimeException e) {
            return Result.unsound(List.of("The configuration can't be read: " + e.getMessage()));
        }
    }

    /**
     * Reads the configuration again, and checks it as the start does. The values that a reload would bring into force are
     * checked too: they may not fit the values that hold until a restart. Changes nothing. Blocks.
     *
     * @param running the configuration in force
     */
    public static Reading again(TurnoutConfig running) {
        FurtherFiles further = FurtherFiles.named(System.getenv());
        if (!further.unreadable().isEmpty()) {
            return new Reading.Broken(FurtherFiles.errors(further.unreadable()), List.of());
        }
        try {
            Path directory = running.state().directory();
            List<Path> lost = RunTimeServices.unreadable(directory);
            return lost.isEmpty()
                    ? again(read(further, directory), running)
                    : new Reading.Broken(FurtherFiles.errors(lost), List.of());
        } catch (RuntimeException e) {
            return new Reading.Broken(List.of("The configuration can't be read: " + e.getMessage()), List.of());
        }
    }

    static Reading again(SmallRyeConfig config, TurnoutConfig running) {
        ConfigReport report = check(config);
        if (!report.isSound()) {
            return new Reading.Broken(report.errors(), report.warnings());
        }
        ConfigTexts file = new GivenKeys(config).texts();
        ConfigTexts mixed = file.untilRestart(running.texts());
        ConfigReport mixedReport = ConfigCheck.run(mixed.values(), mixed.names(), mixed.variables());
        if (!mixedReport.isSound()) {
            return new Reading.Broken(
                    mixedReport.errors().stream()
                            .map(error -> error + " This holds until a restart; the files are sound for a restart.")
                            .toList(),
                    report.warnings());
        }
        TurnoutConfig next = new TurnoutConfig(mixed);
        ConfigChange change = ConfigChange.between(running, new TurnoutConfig(file), next);
        return new Reading.Sound(
                change, report.with(capacity(next).warnings(Machine.here())).warnings());
    }

    /**
     * Checks the configuration in force with other keys of one service. No file is read. Changes nothing. An empty value
     * counts as not given, as in a file.
     *
     * @param service the name of a service that no file names
     * @param keys its keys without their prefix, with their values; none to remove the service
     */
    public static Reading withService(TurnoutConfig running, String service, Map<String, String> keys) {
        Map<String, String> given = new TreeMap<>(keys);
        given.values().removeIf(String::isBlank);
        List<String> illegal = illegal(service, given.keySet());
        if (!illegal.isEmpty()) {
            return new Reading.Broken(illegal, List.of());
        }
        if (given.isEmpty() && !keys.isEmpty()) {
            return new Reading.Broken(List.of("No key of service '" + service + "' has a value."), List.of());
        }
        String prefix = RunTimeServices.prefix(service);
        Map<String, String> own = new TreeMap<>();
        given.forEach((key, value) -> own.put(prefix + key, value));
        String place = RunTimeServices.place(running.state().directory());
        ConfigTexts texts = running.texts().withService(prefix, own, place);
        ConfigReport report = ConfigCheck.run(texts.values(), texts.names(), texts.variables());
        if (!report.isSound()) {
            return new Reading.Broken(report.errors(), report.warnings());
        }
        TurnoutConfig next = new TurnoutConfig(texts);
        return new Reading.Sound(ConfigChange.between(running, next, next), report.warnings());
    }

    /** A caller of the admin API may be one who must not read the files that Turnout reads. */
    private static List<String> illegal(String service, Set<String> keys) {
        if (!ServiceNames.isLegal(service)) {
            return List.of(ServiceNames.illegal(service));
        }
        return keys.stream()
                .filter(key -> NamedPaths.use(key).isPresent())
                .sorted()
                .map(key -> "'" + key + "' names a file. Only a configuration file may do that.")
                .toList();
    }

    /** Returns what a sound configuration needs of the machine. */
    static Capacity capacity(SmallRyeConfig config) {
        return capacity(new TurnoutConfig(config));
    }

    /** Returns what a sound configuration needs of the machine. */
    static Capacity capacity(TurnoutConfig turnout) {
        long adminConnections = turnout.admin().connections();
        int services = turnout.services().size();
        if (turnout.mode() == Mode.NGINX) {
            return new Capacity(0, 0, adminConnections, 0, services);
        }
        return new Capacity(
                turnout.limits().connections(),
                turnout.limits().requests(),
                adminConnections,
                ServiceSettings.of(turnout).stream()
                        .mapToLong(service -> service.pause().bytes().asLongValue())
                        .max()
                        .orElseThrow(),
                services);
    }

    /** Returns the configuration of this process and of further files, as a start has it, unchecked. */
    static SmallRyeConfig read(FurtherFiles further) {
        return read(further, directory(further));
    }

    /** Returns the state folder that a start has. */
    static Path directory(FurtherFiles further) {
        return RunTimeServices.directory(builder(further.sources()).build()).orElse(further.state());
    }

    /**
     * Returns the configuration of this process and of further files, unchecked.
     *
     * @param directory the state folder with the services of run time. A process keeps its folder until a restart,
     *     whatever the files say.
     */
    private static SmallRyeConfig read(FurtherFiles further, Path directory) {
        SmallRyeConfigBuilder builder = builder(further.sources());
        RunTimeServices.source(directory).ifPresent(builder::withSources);
        return builder.build();
    }

    /** Returns the builder of the configuration of files, environment and system properties. */
    static SmallRyeConfigBuilder builder(List<? extends ConfigSource> further) {
        SmallRyeConfigBuilder builder = ConfigUtils.emptyConfigBuilder();
        further.forEach(builder::withSources);
        new ProgramFolder().getConfigSources(builder.getClassLoader()).forEach(builder::withSources);
        return builder;
    }

    /**
     * Returns the builder of the same configuration without the files of the working directory.
     *
     * @param here files of the working directory that count nevertheless
     */
    static SmallRyeConfigBuilder builderElsewhere(List<? extends ConfigSource> further, List<Path> here) {
        SmallRyeConfigBuilder builder = ConfigUtils.emptyConfigBuilder()
                .setAddDefaultSources(false)
                .withSources(new SysPropConfigSource(), new EnvConfigSource(System.getenv(), ENVIRONMENT_ORDINAL));
        further.forEach(builder::withSources);
        ProgramFolder.sourcesBesideProgram(here).forEach(builder::withSources);
        return builder;
    }

    static ConfigReport check(SmallRyeConfig config) {
        GivenKeys given = new GivenKeys(config);
        ConfigReport report = ConfigCheck.run(given::find, given.names(), given.variables());
        List<String> errors = new ArrayList<>(given.unreadable());
        errors.addAll(report.errors());
        return new ConfigReport(errors, report.warnings());
    }
}
