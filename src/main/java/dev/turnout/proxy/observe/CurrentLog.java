package dev.turnout.proxy.observe;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The access log in force, if there is one. A reload replaces the log. Any thread. */
public final class CurrentLog {

    private volatile @Nullable AccessLog log;
    private final AtomicLong droppedEarlier = new AtomicLong();

    /** Returns the log; null if there is none. */
    public @Nullable AccessLog get() {
        return log;
    }

    /**
     * Opens a log, without anybody writing to it. Blocks.
     *
     * @return the log; null if none is configured
     * @throws IllegalStateException if the file cannot be written; the message says why
     */
    public static @Nullable AccessLog open(Optional<AccessLogSettings> settings) {
        if (settings.isEmpty()) {
            return null;
        }
        AccessLog opened = new AccessLog(settings.get());
        try {
            opened.open();
            return opened;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Cannot write turnout.access-log-file " + opened.file() + ": " + e.getMessage(), e);
        }
    }

    /** Puts a log in force. Returns the log before, which is to be closed once no event loop writes to it. */
    public @Nullable AccessLog replace(@Nullable AccessLog next) {
        AccessLog before = log;
        log = next;
        return before;
    }

    /** Closes a log that nobody writes to any more. Blocks for a second at the most. */
    public void close(@Nullable AccessLog before) {
        if (before != null) {
            before.close();
            droppedEarlier.addAndGet(before.dropped());
        }
    }

    /** Returns how many lines have been dropped since the start. */
    public long dropped() {
        AccessLog now = log;
        return droppedEarlier.get() + (now == null ? 0 : now.dropped());
    }
}
