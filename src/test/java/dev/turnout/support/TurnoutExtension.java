package dev.turnout.support;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Whatever a test has started: ended after it, with the log shown if it failed, and failed if Netty has found a leak.
 *
 * <p>Registered as a static field it lives as long as its class, otherwise as long as one test.
 */
public final class TurnoutExtension implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private static final int SHOWN = 20_000;

    private final List<TurnoutProcess> turnouts = new ArrayList<>();
    private final List<Backend> backends = new ArrayList<>();
    private boolean ofClass;

    /** A backend of this arena. */
    public synchronized Backend backend() {
        Backend backend = Backend.start();
        backends.add(backend);
        return backend;
    }

    /** A well-behaved application of this arena. */
    public Backend application(String name) {
        return backend().always(new Effect.Application(name));
    }

    /** A running Turnout of this arena. */
    public TurnoutProcess start(TurnoutProcess.Settings settings) {
        return keep(settings.start());
    }

    /** A running Turnout of this arena with one target in each slot. */
    public TurnoutProcess start(Backend blue, Backend green) {
        return start(TurnoutProcess.with().blue(blue).green(green));
    }

    /** Makes a Turnout one of this arena. */
    public synchronized TurnoutProcess keep(TurnoutProcess turnout) {
        turnouts.add(turnout);
        return turnout;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ofClass = true;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            turnouts.forEach(turnout -> System.err.println("---- Turnout's log after '" + context.getDisplayName()
                    + "' failed ----\n" + end(turnout.log()) + "----"));
        }
        if (!ofClass) {
            clear();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        clear();
    }

    private synchronized void clear() {
        List<TurnoutProcess> ended = List.copyOf(turnouts);
        turnouts.clear();
        ended.forEach(TurnoutProcess::close);
        backends.forEach(Backend::close);
        backends.clear();
        for (TurnoutProcess turnout : ended) {
            if (turnout.log().contains("LEAK:")) {
                throw new AssertionError("Netty has found a leak:\n" + end(turnout.log()));
            }
        }
    }

    private static String end(String log) {
        return log.substring(Math.max(0, log.length() - SHOWN));
    }
}
