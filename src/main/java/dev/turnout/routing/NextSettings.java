package dev.turnout.routing;

/** Settings of what carries the traffic that are ready to be put in force. One of the methods is called, once. */
public interface NextSettings {

    /** Returns true if a state has to be published after {@link #apply}, even an unchanged one. */
    boolean needsPublish();

    /**
     * Saves what has to be saved before the state is. Called under the lock of commits, once nothing else is left that may
     * refuse the change. Blocks.
     *
     * @throws RuntimeException if the change is refused; {@link #giveUp} follows then
     */
    default void persist() {}

    /** Puts the settings in force. Hosts and paths of services hold from the next published state on. Does not fail. */
    void apply();

    /** Releases what was made ready. The settings before stay in force. */
    void giveUp();

    /** Returns the same settings with something more to be done when they are given up. */
    default NextSettings onGiveUp(Runnable undo) {
        NextSettings settings = this;
        return new NextSettings() {
            @Override
            public boolean needsPublish() {
                return settings.needsPublish();
            }

            @Override
            public void persist() {
                settings.persist();
            }

            @Override
            public void apply() {
                settings.apply();
            }

            @Override
            public void giveUp() {
                settings.giveUp();
                undo.run();
            }
        };
    }

    /** Returns settings that change nothing. */
    static NextSettings none() {
        return new NextSettings() {
            @Override
            public boolean needsPublish() {
                return false;
            }

            @Override
            public void apply() {}

            @Override
            public void giveUp() {}
        };
    }
}
