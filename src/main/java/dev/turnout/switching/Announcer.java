package dev.turnout.switching;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** The source of events for listeners, such as event streams. Any thread. Listeners must not block. */
public final class Announcer {

    private static final Logger LOG = Logger.getLogger(Announcer.class);

    private final List<Consumer<ChangeEvent>> listeners = new CopyOnWriteArrayList<>();

    /** Adds a listener. The listener is called on the thread that an event happens on. */
    public void listen(Consumer<ChangeEvent> listener) {
        listeners.add(listener);
    }

    /** Removes a listener that {@link #listen} has added. */
    public void leave(Consumer<ChangeEvent> listener) {
        listeners.remove(listener);
    }

    /** Calls all listeners. An exception of a listener is logged, and ends neither the change nor the calls of others. */
    public void announce(ChangeEvent event) {
        for (Consumer<ChangeEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException | Error broken) {
                LOG.errorf(broken, "%s: a listener failed at '%s'", event.service(), event.kind());
            }
        }
    }
}
