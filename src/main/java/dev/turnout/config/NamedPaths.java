package dev.turnout.config;

import dev.turnout.routing.Target;
import dev.turnout.routing.UnixAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files, folders, programs and Unix sockets that a configuration names: every value of a key whose type is a path or a
 * command, and the sockets of targets. What has a check of its own is left out: the state folder, and the files and
 * programs of nginx mode.
 */
public final class NamedPaths {

    private static final Set<String> ELSEWHERE = Set.of(
            "turnout.state.directory",
            "turnout.nginx.include",
            "turnout.nginx.pid",
            "turnout.nginx.test",
            "turnout.nginx.reload");

    /** The keys of files and folders that Turnout writes. */
    private static final Set<String> WRITTEN = Set.of("access-log-file", "tls.tickets-directory", "acme.shared");

    private NamedPaths() {}

    /** What Turnout does with a path. What it writes it reads too. A socket that it connects to is read. */
    public enum Use {
        READ,
        WRITE,
        RUN
    }

    /**
     * A path of a configuration.
     *
     * @param key whose value it is
     */
    public record NamedPath(String key, Path path, Use use) {}

    /** Returns the paths of a configuration, in the order of their keys. */
    public static List<NamedPath> of(TurnoutConfig config) {
        List<NamedPath> paths = new ArrayList<>();
        for (String name : names(config.texts())) {
            use(name).ifPresent(use -> config.texts()
                    .values()
                    .apply(name)
                    .flatMap(given -> path(given.value().strip(), use))
                    .ifPresent(path -> paths.add(new NamedPath(name, path, use))));
        }
        ServiceSettings.of(config).forEach(service -> Stream.concat(service.blue().stream(), service.green().stream())
                .flatMap(target -> socket(target).stream())
                .forEach(path -> paths.add(new NamedPath("a target of service " + service.name(), path, Use.READ))));
        return paths;
    }

    /** A variable of the environment has no name of its own among those of files. */
    private static Set<String> names(ConfigTexts texts) {
        return Stream.concat(texts.names().keySet().stream(), Keys.ofProgram().map(Key::name))
                .filter(name -> !ELSEWHERE.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Returns what Turnout does with the path that is the value of a key, for the name of the key as it stands in a
     * configuration; empty if the value is no path.
     */
    static Optional<Use> use(String name) {
        if (Keys.ALL.stream().anyMatch(key -> key.type().isCommand() && isOf(name, key.path()))) {
            return Optional.of(Use.RUN);
        }
        if (Keys.ALL.stream().noneMatch(key -> key.type().isPath() && isOf(name, key.path()))) {
            return Optional.empty();
        }
        return Optional.of(WRITTEN.stream().anyMatch(path -> isOf(name, path)) ? Use.WRITE : Use.READ);
    }

    /** Returns true if a key with this path may have a name, with a prefix or without one. */
    static boolean isOf(String name, String path) {
        return name.equals(path) || name.endsWith("." + path);
    }

    /** A program without a folder is looked for in many. */
    private static Optional<Path> path(String value, Use use) {
        try {
            String path = use == Use.RUN ? CommandWords.parse(value).words().get(0) : value;
            boolean isLookedFor = use == Use.RUN && !path.startsWith("/");
            return path.isEmpty() || isLookedFor ? Optional.empty() : Optional.of(Path.of(path));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Path> socket(Target target) {
        return target.address() instanceof UnixAddress unix ? Optional.of(Path.of(unix.path())) : Optional.empty();
    }
}
