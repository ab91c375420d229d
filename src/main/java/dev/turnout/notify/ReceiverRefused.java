package dev.turnout.notify;

import java.nio.file.Path;

/** Tells that a receiver of notifications can't be told, since a file of its settings can't be used. */
public final class ReceiverRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ReceiverRefused(String key, Path file, String what) {
        super(key + "=" + file + ": " + what + ". Repair the file, or remove the key.");
    }

    /** Returns the message. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
