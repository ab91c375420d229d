package dev.turnout.proxy.folder;

import org.jspecify.annotations.Nullable;

/**
 * What was found in the place of a path.
 *
 * @param kind what is there
 * @param file the file if there is one; the receiver's to close
 */
public record FoundFile(Kind kind, @Nullable OpenFile file) {

    /** What may be there. */
    public enum Kind {
        FILE,
        /** A folder whose path was asked for without a slash at its end. */
        FOLDER,
        NOTHING,
        /** Nobody knows: the process has no file descriptor left. */
        BUSY
    }

    static final FoundFile NOTHING = new FoundFile(Kind.NOTHING, null);
    static final FoundFile FOLDER = new FoundFile(Kind.FOLDER, null);
    static final FoundFile BUSY = new FoundFile(Kind.BUSY, null);

    static FoundFile of(OpenFile file) {
        return new FoundFile(Kind.FILE, file);
    }
}
