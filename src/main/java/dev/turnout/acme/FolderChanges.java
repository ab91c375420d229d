package dev.turnout.acme;

import java.io.IOException;

/** Told after each change of the files of orders. */
interface FolderChanges {

    /** For files that nobody else has. */
    FolderChanges NONE = () -> {};

    /** Called when files have changed. What follows waits for the end. */
    void changed() throws IOException;
}
