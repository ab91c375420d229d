package dev.turnout.store;

import dev.turnout.config.AcmeConfig;
import dev.turnout.config.RunTimeServices;
import dev.turnout.config.StateConfig;
import dev.turnout.routing.RoutingState;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The routing state on disk: the file {@value #FILE} in the state folder.
 *
 * <p>One process owns the folder, by a lock that ends with the process. Any thread that may block; calls follow one
 * another.
 */
public final class StateStore implements AutoCloseable {

    private static final String FILE = "state.json";
    private static final String NEW = ".new";
    private static final String NEXT = FILE + NEW;

    /** The name of the socket at which a process waits for its successor. */
    public static final String HAND_OVER_SOCKET = "hand-over.sock";

    /** Each may stand there with {@value #NEW} too, while it is replaced. */
    private static final Set<String> OWN_FILES = Set.of(
            StateConfig.TLS_FOLDER,
            StateConfig.STICKY_SECRET,
            StateConfig.FLEET_RECORDS,
            StateConfig.SEEN_CONTAINERS,
            RunTimeServices.FILE,
            AcmeConfig.FOLDER,
            FILE,
            Journal.FILE,
            FolderLock.FILE,
            HAND_OVER_SOCKET);

    private final Path path;
    private final AtomicFile file;
    private final Path folder;
    private Optional<FolderLock> lock = Optional.empty();

    /** @param directory the state folder; nothing is read or made before {@link #open} */
    public StateStore(Path directory) {
        folder = directory.toAbsolutePath().normalize();
        path = folder.resolve(FILE);
        file = new AtomicFile(path, folder.resolve(NEXT), AtomicFile.Ownership.PRIVATE);
    }

    /**
     * Returns true for the name of a file of Turnout. A process that died while it made the secret of sticky cookies has left
     * the secret with its number.
     */
    private static boolean isOwn(String name) {
        String file = name.endsWith(NEW) ? name.substring(0, name.length() - NEW.length()) : name;
        return OWN_FILES.contains(file) || name.startsWith(StateConfig.STICKY_SECRET + ".");
    }

    /** Returns the state folder: an absolute path. */
    public Path folder() {
        return folder;
    }

    /**
     * Makes the folder if it is missing, and takes its lock.
     *
     * @return this store
     * @throws StoreFailed if the folder can't be used, or another process has its lock
     */
    public synchronized StateStore open() {
        try {
            PrivateFiles.makeFolder(folder);
            PrivateFiles.narrowFolder(folder, StateStore::isOwn);
        } catch (IOException e) {
            throw new StoreFailed("The state folder " + folder + " can't be made: " + Reason.of(e), e);
        }
        reclaim();
        PrivateFiles.narrow(path);
        try {
            file.removeLeftovers();
        } catch (IOException e) {
            release();
            throw new StoreFailed("The state folder " + folder + " can't be written: " + Reason.of(e), e);
        }
        return this;
    }

    /**
     * Returns the state that was saved last; empty only if there is no state file at all.
     *
     * @throws StoreFailed if the file can't be read, or isn't wholly understood
     */
    public synchronized Optional<RoutingState> load() {
        String text;
        try {
            text = Files.readString(path, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (CharacterCodingException e) {
            throw notUnderstood("it is not UTF-8 text", e);
        } catch (IOException e) {
            throw new StoreFailed("The state file " + path + " can't be read: " + Reason.of(e), e);
        }
        try {
            return Optional.of(StateJson.read(text));
        } catch (StateJson.NewerVersion e) {
            throw new StoreFailed(
                    "The state file " + path + " was written by a newer Turnout: " + e.getMessage()
                            + ". Run that version again, or " + startAfresh(),
                    e);
        } catch (IllegalArgumentException e) {
            throw notUnderstood(String.valueOf(e.getMessage()), e);
        }
    }

    private StoreFailed notUnderstood(String reason, Exception cause) {
        return new StoreFailed(
                "The state file " + path + " is not one that Turnout can trust: " + reason
                        + ". Put back a good copy, or " + startAfresh(),
                cause);
    }

    private static String startAfresh() {
        return "move it away to start afresh; all traffic would then go to slot blue.";
    }

    /**
     * Saves the state that {@link #load} returns from now on. The state is on the disk when this returns, and survives a
     * crash of the machine.
     *
     * @throws StoreFailed if that was not possible, or the folder is not this process's now; the state saved before is
     *     unchanged then
     */
    public synchronized void save(RoutingState state) {
        if (isReleased()) {
            throw new StoreFailed("The state folder " + folder + " has been given to another Turnout.");
        }
        try {
            file.replace(StateJson.write(state).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new StoreFailed("The routing state could not be saved to " + path + ": " + Reason.of(e), e);
        }
    }

    /** Returns true if the folder is not this process's now: nothing can be saved. */
    public synchronized boolean isReleased() {
        return lock.isEmpty();
    }

    /** Releases the folder for another process: nothing can be saved from now on. */
    public synchronized void release() {
        lock.ifPresent(FolderLock::close);
        lock = Optional.empty();
    }

    /**
     * Takes the folder again after {@link #release}.
     *
     * @throws StoreFailed if another process has it
     */
    public synchronized void reclaim() {
        if (isReleased()) {
            lock = Optional.of(FolderLock.take(folder));
        }
    }

    /** As {@link #release}. */
    @Override
    public void close() {
        release();
    }
}
