package dev.turnout.switching;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The services whose requests wait because this member of a fleet has voted and can't learn the decision, after {@code
 * turnout.fleet.in-doubt}, if {@code turnout.fleet.when-in-doubt} is {@code hold}. Any thread.
 */
public final class HeldInDoubt {

    private final Set<String> services = ConcurrentHashMap.newKeySet();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** Returns the names of the services; none outside of a fleet. */
    public Set<String> services() {
        return new TreeSet<>(services);
    }

    /** Tells a listener of every change, on the fleet's thread: it must not block. */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    void set(String service, boolean isHeld) {
        boolean isNews = isHeld ? services.add(service) : services.remove(service);
        if (isNews) {
            listeners.forEach(Runnable::run);
        }
    }
}
