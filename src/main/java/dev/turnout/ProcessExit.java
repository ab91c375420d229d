package dev.turnout;

import dev.turnout.log.ProgramLog;
import dev.turnout.store.StoreFailed;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The end of the process. The exit code is 0 after a stop, and 1 with a short message after a failed start.
 *
 * <p>A signal ends a JVM with 128 and the signal's number, whatever its shutdown hooks do. A service manager takes that
 * for a failure. So the exit is held until the main thread has seen Quarkus stop. That thread halts the JVM.
 */
final class ProcessExit {

    private static final Logger LOG = Logger.getLogger(ProcessExit.class);
    private static final int SIGNALLED = 128;

    private final Thread main;
    private final ProgramLog log;

    /** @param main the thread that starts Quarkus and that {@link #reached} is called on in the end */
    ProcessExit(Thread main, ProgramLog log) {
        this.main = main;
        this.log = log;
    }

    /** Holds the exit from now on: a signal doesn't end the process before the main thread ends. */
    void hold() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::awaitMain, "turnout-exit"));
    }

    private void awaitMain() {
        try {
            main.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Called when Quarkus has stopped, could not start, or (native executable only) was sent a signal.
     *
     * @param failure null if there was none
     */
    void reached(int code, @Nullable Throwable failure) {
        if (failure != null) {
            tell(failure);
        }
        log.finish();
        if (failure != null) {
            Runtime.getRuntime().halt(1);
        }
        if (code > SIGNALLED) {
            System.exit(0);
        }
        Runtime.getRuntime().halt(code);
    }

    private static void tell(Throwable failure) {
        Optional<String> message = messageOf(failure);
        if (message.isPresent()) {
            LOG.error("Turnout can't start: " + message.get());
        } else {
            LOG.error("Turnout can't start", failure);
        }
    }

    /** Returns the message of a failure that the operator can mend: it needs no stack trace. */
    private static Optional<String> messageOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StoreFailed || cause instanceof StartRefused) {
                return Optional.ofNullable(cause.getMessage());
            }
        }
        return Optional.empty();
    }
}
