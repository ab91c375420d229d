package dev.turnout.deployment;

import dev.turnout.config.ProcessTable;
import dev.turnout.store.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The folder of what deployments leave on this machine: releases, copies of jars, logs, process ids and receipts. The
 * place does not depend on the working directory. Only this user may open the folder.
 *
 * @param root absolute
 */
public record DeployFolder(Path root) {

    private static final Path OF_ROOT = Path.of("/var/lib/turnout/deploy");
    private static final String UNDER_HOME = "turnout/deploy";
    private static final Pattern OTHER_THAN_NAME = Pattern.compile("^\\.|[^A-Za-z0-9._-]");

    /**
     * Returns the folder of this user.
     *
     * @param given the folder of the command line
     * @param environment {@code TURNOUT_RUN}, {@code XDG_STATE_HOME} and {@code HOME} are read
     */
    public static DeployFolder of(Optional<Path> given, Map<String, String> environment) {
        return new DeployFolder(given.or(() -> path(environment, "TURNOUT_RUN"))
                .orElseGet(() -> user() == 0 ? OF_ROOT : ofUser(environment))
                .toAbsolutePath()
                .normalize());
    }

    private static Path ofUser(Map<String, String> environment) {
        return path(environment, "XDG_STATE_HOME")
                // The specification of base directories: a relative path is not valid and is ignored.
                .filter(Path::isAbsolute)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "state"))
                .resolve(UNDER_HOME);
    }

    private static Optional<Path> path(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }

    /** Returns the id of the user of this process. */
    static int user() {
        return new ProcessTable().ownUser();
    }

    /**
     * Makes the folder if it is missing.
     *
     * @throws IOException also if the folder belongs to another user, who could exchange what is started from there
     */
    public void open() throws IOException {
        PrivateFiles.makeFolder(root);
        if (PrivateFiles.user(root.toRealPath()) != user()) {
            throw new IOException("it belongs to another user");
        }
    }

    /** Returns where the releases of a service are kept. */
    Path releases(String service) {
        return root.resolve("releases").resolve(fileName(service));
    }

    /** Returns the copy of the jar that runs on a port. */
    Path jar(int port) {
        return root.resolve(port + ".jar");
    }

    /** Returns what is known of the process that was started for a port. */
    Path instance(int port) {
        return root.resolve(port + ".instance");
    }

    /** Returns the file with the process id that was started for a port, for people and their scripts. */
    Path pid(int port) {
        return root.resolve(port + ".pid");
    }

    Path log(int port) {
        return root.resolve(port + ".log");
    }

    /** Returns where the log of the process before the last one is. */
    Path logBefore(int port) {
        return root.resolve(port + ".log.1");
    }

    /** Returns the last receipt. */
    Path receipt() {
        return root.resolve("receipt.json");
    }

    /** Returns what a rolling replacement has done so far. */
    Path progress(String service) {
        return root.resolve("rolling-" + fileName(service) + ".progress");
    }

    private static String fileName(String service) {
        return OTHER_THAN_NAME.matcher(service).replaceAll("_");
    }
}
