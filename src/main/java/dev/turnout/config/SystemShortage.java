package dev.turnout.config;

import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;

/** The failures that say that the system gives this process no more. They say nothing about whom it wanted to speak to. */
public final class SystemShortage {

    private SystemShortage() {}

    /** Returns true if a failure says that the process, or the system, has no descriptor or socket left. */
    public static boolean isOfDescriptors(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (message.contains("too many open files") || message.contains("no buffer space")) {
                return true;
            }
        }
        return false;
    }

    /** Returns true if a failure says that a task got no thread. A pool may refuse a task whose thread can't be started. */
    public static boolean isOfThreads(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError || cause instanceof RejectedExecutionException) {
                return true;
            }
        }
        return false;
    }
}
