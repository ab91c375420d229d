package dev.turnout;

import dev.turnout.store.StoreFailed;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The end of the process: 0 when it was asked to stop, 1 with a short message when it could not start.
 *
 * <p>A JVM that a signal ends exits with 128 and the signal's number, whatever its shutdown hooks do; to a supervisor
 * that is a failure. So the exit is held until the main thread has seen Quarkus stop, and that thread halts.
 */
final class ProcessExit {

    private static final Logger LOG = Logger.getLogger(ProcessExit.class);
    private static final int SIGNALLED = 128;

    private final Thread main;

    /** @param main the thread that starts Quarkus and that {@link #reached} is called on in the end */
    ProcessExit(Thread main) {
        this.main = main;
    }

    /** From now on a signal doesn't end the process before the main thread does. */
    void holdExit() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::awaitMain, "turnout-ending"));
    }

    private void awaitMain() {
        try {
            main.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Quarkus has stopped, or could not start, or (a native executable only) was sent a signal.
     *
     * @param failure null if there was none
     */
    void reached(int code, Throwable failure) {
        if (failure != null) {
            tell(failure);
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
            System.err.println("Turnout can't start: " + message.get());
        } else {
            LOG.error("Turnout can't start", failure);
        }
        System.err.flush();
    }

    /** What an operator can do something about needs no stack trace. */
    private static Optional<String> messageOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StoreFailed || cause instanceof StartRefused) {
                return Optional.of(cause.getMessage());
            }
        }
        return Optional.empty();
    }
}
