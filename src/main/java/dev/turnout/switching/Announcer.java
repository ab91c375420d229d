package dev.turnout.switching;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Tells those who listen what happens, as it happens. Any thread; listeners must not block. */
public final class Announcer {

    private static final Logger LOG = Logger.getLogger(Announcer.class);

    private final List<Consumer<ChangeEvent>> listeners = new CopyOnWriteArrayList<>();

    /** Adds a listener; it is called on whatever thread something happens on. */
    public void listen(Consumer<ChangeEvent> listener) {
        listeners.add(listener);
    }

    /** Removes a listener that {@link #listen} was called with. */
    public void leave(Consumer<ChangeEvent> listener) {
        listeners.remove(listener);
    }

    /** Tells all listeners. What one of them throws is logged: it ends neither the change nor the telling of others. */
    public void announce(ChangeEvent announcement) {
        for (Consumer<ChangeEvent> listener : listeners) {
            try {
                listener.accept(announcement);
            } catch (RuntimeException | Error broken) {
                LOG.errorf(broken, "%s: a listener failed at '%s'", announcement.service(), announcement.kind());
            }
        }
    }
}
