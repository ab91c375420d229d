package dev.turnout.proxy.loop;

/**
 * Settings of one event loop that a reload replaces. A connection or a request reads the settings when it needs them, so
 * that new settings hold from its next step. Event loop only.
 *
 * @param <T> immutable
 */
public final class InForce<T> {

    private T settings;

    public InForce(T settings) {
        this.settings = settings;
    }

    public T get() {
        return settings;
    }

    /** Replaces the settings. */
    public void set(T next) {
        settings = next;
    }
}
