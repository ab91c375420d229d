package dev.turnout.acme;

import dev.turnout.store.FolderLock;
import dev.turnout.store.PrivateFiles;
import dev.turnout.store.StoreFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** The right among the processes of one machine: a lock that the system frees when its process ends in any way. */
final class HostRight implements IssuingRight {

    private final Path folder;

    HostRight(Path folder) {
        this.folder = folder;
    }

    @Override
    public Optional<Held> take() {
        try {
            PrivateFiles.makeFolder(folder);
            return Optional.of(new Lock(FolderLock.take(folder)));
        } catch (StoreFailed e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lock. Nobody can take it from a process that lives. */
    private record Lock(FolderLock lock) implements Held {

        @Override
        public long fence() {
            return 0;
        }

        @Override
        public boolean isStillOurs() {
            return true;
        }

        @Override
        public boolean isTaken() {
            return false;
        }

        @Override
        public void close() {
            lock.close();
        }
    }
}
