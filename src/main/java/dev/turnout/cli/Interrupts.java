package dev.turnout.cli;

import java.util.function.Consumer;
import sun.misc.Signal;

/** Ctrl-C, SIGTERM, and SIGHUP of a terminal that closes. The first one is told, the second one ends the process. */
final class Interrupts {

    private Interrupts() {}

    /** Tells a listener, on a thread of the JVM, of the first signal of each kind. */
    static void tell(Consumer<ExitCode> listener) {
        handle("INT", ExitCode.INTERRUPTED, listener);
        handle("TERM", ExitCode.TERMINATED, listener);
        handle("HUP", ExitCode.TERMINATED, listener);
    }

    private static void handle(String name, ExitCode exit, Consumer<ExitCode> listener) {
        try {
            Signal.handle(new Signal(name), first -> {
                Signal.handle(new Signal(name), second -> Runtime.getRuntime().halt(exit.code()));
                listener.accept(exit);
            });
        } catch (IllegalArgumentException e) {
            // The JVM was told to leave signals alone (-Xrs): a signal ends the process, as without a listener.
            return;
        }
    }
}
