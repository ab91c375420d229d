package dev.turnout.switching;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells those who listen what happens, as it happens. Any thread; listeners must not block. */
public final class Announcer {

    private final List<Consumer<Announcement>> listeners = new CopyOnWriteArrayList<>();

    /** Adds a listener; it is called on whatever thread something happens on. */
    public void listen(Consumer<Announcement> listener) {
        listeners.add(listener);
    }

    /** Removes a listener that {@link #listen} was called with. */
    public void leave(Consumer<Announcement> listener) {
        listeners.remove(listener);
    }

    /** Tells all listeners. */
    public void announce(Announcement announcement) {
        listeners.forEach(listener -> listener.accept(announcement));
    }
}
