package dev.turnout.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The working directory of a command. A command may be run in any folder, and sends a token to the address that it reads. So
 * a file there counts only if nobody but root and the user of the command can have written it.
 */
final class WorkingFolder {

    /** The file that is read as if its lines were environment variables. */
    private static final String VARIABLES = ".env";

    private static final String STATE = "TURNOUT_STATE_DIRECTORY";

    private static final String CONFIG = "config";
    private static final List<String> FILES = List.of(ProgramFolder.FILE, CONFIG + "/" + ProgramFolder.FILE);

    private static final int MOST_BYTES = 1 << 20;
    private static final int ROOT = 0;
    private static final int MODE_GROUP_WRITES = 0020;
    private static final int MODE_OTHERS_WRITE = 0002;

    /** In a folder with this bit nobody replaces the files of others. */
    private static final int MODE_STICKY = 01000;

    private final Path folder;
    private final boolean isOfTurnout;
    private final ProcessTable processes = new ProcessTable();

    private WorkingFolder(Path folder, boolean isOfTurnout) {
        this.folder = folder;
        this.isOfTurnout = isOfTurnout;
    }

    /** Returns the working directory of this process. */
    static WorkingFolder here() {
        return of(Path.of(System.getProperty("user.dir")), ProgramFolder.folder(), System.getenv());
    }

    /**
     * Returns a working directory.
     *
     * @param program the folder of the program, if there is one
     * @param environment the variables of this process. A container has its state folder by one of them, and its settings
     *     in that folder: the server reads them too.
     */
    static WorkingFolder of(Path folder, Optional<Path> program, Map<String, String> environment) {
        Optional<Path> state = Optional.ofNullable(environment.get(STATE)).map(Path::of);
        return new WorkingFolder(
                folder, Stream.of(program, state).flatMap(Optional::stream).anyMatch(folder::equals));
    }

    /**
     * Returns true if somebody else can have written a configuration file in this folder, or can put one there. Whoever can
     * write to the folder of the program, or to the state folder, has the program do anything already, so nobody there is
     * somebody else.
     */
    boolean isShared() {
        return !isOfTurnout && (isOpen(folder) || isOpen(folder.resolve(CONFIG)) || hasForeignFile());
    }

    /** Returns true if others may make files in a folder. */
    private boolean isOpen(Path path) {
        try {
            return Files.exists(path) && (!belongsHere(path) || isWrittenByOthers(path));
        } catch (IOException e) {
            return true;
        }
    }

    private boolean hasForeignFile() {
        return Stream.concat(Stream.of(VARIABLES), FILES.stream())
                .map(folder::resolve)
                .anyMatch(path -> Files.exists(path) && !isOwn(path));
    }

    /** Returns the configuration files that count where others may put files. None if one of the files is somebody else's. */
    List<Path> counting() {
        return hasForeignFile()
                ? List.of()
                : FILES.stream()
                        .map(folder::resolve)
                        .filter(this::isThereAndOwn)
                        .toList();
    }

    /** Returns this folder if keys of Turnout stand in configuration files there, and the files do not count. */
    Optional<Path> leftOut() {
        return !isOfTurnout
                        && hasForeignFile()
                        && FILES.stream().map(folder::resolve).anyMatch(WorkingFolder::hasKeys)
                ? Optional.of(folder)
                : Optional.empty();
    }

    /** Other programs, such as those of Spring Boot, have files of these names too. */
    private static boolean hasKeys(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream bytes = Files.newInputStream(file)) {
            return new String(bytes.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1).contains(Key.TOP);
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns true if a file of this folder is there, and nobody else can have written it. */
    boolean counts(Path file) {
        return isOfTurnout || isThereAndOwn(folder.resolve(file));
    }

    private boolean isThereAndOwn(Path path) {
        return Files.exists(path) && isOwn(path);
    }

    private boolean isOwn(Path file) {
        try {
            for (Path path = file; path != null && path.startsWith(folder); path = path.getParent()) {
                if (!belongsHere(path) || !isSticky(path) && isWrittenByOthers(path)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A link and what it leads to may belong to two users. */
    private boolean belongsHere(Path path) throws IOException {
        int owner = number(path, "unix:uid");
        int ownerOfLink = number(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        int user = processes.ownUser();
        return (owner == ROOT || owner == user) && (ownerOfLink == ROOT || ownerOfLink == user);
    }

    /** Many systems give each user a group of its own, which may write to all that the user makes. */
    private boolean isWrittenByOthers(Path path) throws IOException {
        int mode = number(path, "unix:mode");
        boolean isOfOtherGroup = (mode & MODE_GROUP_WRITES) != 0 && number(path, "unix:gid") != processes.ownGroup();
        return isOfOtherGroup || (mode & MODE_OTHERS_WRITE) != 0;
    }

    private static boolean isSticky(Path path) throws IOException {
        return Files.isDirectory(path) && (number(path, "unix:mode") & MODE_STICKY) != 0;
    }

    private static int number(Path path, String attribute, LinkOption... options) throws IOException {
        return (Integer) Files.getAttribute(path, attribute, options);
    }
}
