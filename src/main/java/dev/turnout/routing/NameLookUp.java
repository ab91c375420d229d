package dev.turnout.routing;

/** Looks up the targets behind a name. */
public interface NameLookUp {

    /**
     * Returns what became of it. Blocks for a bounded time. Any thread.
     *
     * @param name a target whose address is a {@link NameAddress}
     */
    NameAnswer lookUp(Target name);
}
