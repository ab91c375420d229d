package dev.turnout.deployment;

import dev.turnout.config.ProcessTable;
import dev.turnout.store.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of what deployments leave on this machine: releases, copies of jars, logs, process ids and receipts. The
 * place does not depend on the working directory. Only this user may open the folder.
 *
 * @param root absolute
 */
public record DeployFolder(Path root) {

    /** Not in /var/lib/turnout, whose owner could put another folder in its place: the user that Turnout runs as. */
    private static final Path OF_ROOT = Path.of("/var/lib/turnout-deploy");

    /** Where root's folder was before. */
    private static final Path OF_ROOT_BEFORE = Path.of("/var/lib/turnout/deploy");

    private static final String RELEASES = "releases";
    private static final String INSTANCE = ".instance";
    private static final String PROGRESS = ".progress";
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
     * @throws IOException also if another user could have exchanged what is started from there
     */
    public void open() throws IOException {
        if (user() != 0) {
            PrivateFiles.makeFolder(root);
            if (PrivateFiles.user(root.toRealPath()) != user()) {
                throw new IOException("it belongs to another user");
            }
            return;
        }
        if (root.equals(OF_ROOT)) {
            moveIn(OF_ROOT_BEFORE);
        }
        PrivateFiles.makeFolder(root);
        RootsFolder.check(root, readFrom());
    }

    /**
     * Moves root's folder here from the place where it was before, if it is root's and this one is missing. A link stays
     * there, since applications run from jars in it.
     */
    void moveIn(Path before) throws IOException {
        if (Files.exists(root, LinkOption.NOFOLLOW_LINKS) || !Files.isDirectory(before, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        RootsFolder.check(before, new DeployFolder(before).readFrom());
        Files.move(before, root, StandardCopyOption.ATOMIC_MOVE);
        Files.createSymbolicLink(before, root);
    }

    /** Returns what deployments read, and act by. */
    private List<Path> readFrom() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.equals(RELEASES) || name.endsWith(INSTANCE) || name.endsWith(PROGRESS);
                    })
                    .toList();
        }
    }

    /** Returns where the releases of a service are kept. */
    Path releases(String service) {
        return root.resolve(RELEASES).resolve(fileName(service));
    }

    /** Returns the copy of the jar that runs on a port. */
    Path jar(int port) {
        return root.resolve(port + ".jar");
    }

    /** Returns what is known of the process that was started for a port. */
    Path instance(int port) {
        return root.resolve(port + INSTANCE);
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
        return root.resolve("rolling-" + fileName(service) + PROGRESS);
    }

    private static String fileName(String service) {
        return OTHER_THAN_NAME.matcher(service).replaceAll("_");
    }
}
