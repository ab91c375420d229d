package dev.turnout.fleet.decision;

/**
 * A key of the store, under the prefix of the fleet.
 *
 * @param path without the prefix, such as {@code state/shop}
 */
public record FleetKey(String path) implements Comparable<FleetKey> {

    /** Format and id of the fleet. */
    public static final FleetKey FLEET = new FleetKey("fleet");

    /** Every enrolled member. One key, so that a commit compares one revision. */
    public static final FleetKey ROSTER = new FleetKey("roster");

    /** The last recovery of a store that was lost. */
    public static final FleetKey RECOVERED = new FleetKey("recovered");

    /** What the keys of {@link #counts} begin with. */
    public static final String COUNTS = "counts/";

    /** What the keys of offers begin with: the service, the slot and the target follow. Read by who needs it only. */
    public static final String OFFERS = "~offers/";

    /** What the keys of {@link #state} begin with. */
    static final String STATES = "state/";

    /** The decision in force for a service. */
    public static FleetKey state(String service) {
        return new FleetKey(STATES + service);
    }

    /** The lock of a service, and what its holder is about to change. */
    public static FleetKey change(String service) {
        return new FleetKey("change/" + service);
    }

    /** Which services a member has. Without a lease: one that is away has them still. */
    public static FleetKey configured(String member) {
        return new FleetKey("configured/" + member);
    }

    /** The last epoch of a service that was removed. */
    public static FleetKey removed(String service) {
        return new FleetKey("removed/" + service);
    }

    /** Says that a process of a member lives. Leased. */
    public static FleetKey here(String member, String process) {
        return new FleetKey("here/" + member + "/" + process);
    }

    /** The process of a member that has last said that it is here. Without a lease. */
    public static FleetKey started(String member) {
        return new FleetKey("started/" + member);
    }

    /** What a member's gate says of the targets of a change. */
    public static FleetKey ready(String change, String member) {
        return new FleetKey("ready/" + change + "/" + member);
    }

    /** A member's vote. */
    public static FleetKey armed(String change, String member) {
        return new FleetKey("armed/" + change + "/" + member);
    }

    /** A member's no, or its withdrawn vote. */
    public static FleetKey refused(String change, String member) {
        return new FleetKey("refused/" + change + "/" + member);
    }

    /** The epoch of a service that a member serves. */
    public static FleetKey applied(String service, String member) {
        return new FleetKey("applied/" + service + "/" + member);
    }

    /** A member's part of the receipt. */
    public static FleetKey done(String change, String member) {
        return new FleetKey("done/" + change + "/" + member);
    }

    /** Says that a member watches a switch of a service, and wants to know what the others see. Leased. */
    public static FleetKey watch(String service) {
        return new FleetKey("watch/" + service);
    }

    /** What a member has seen since a switch that is watched. Leased. */
    public static FleetKey counts(String service, String member) {
        return new FleetKey(COUNTS + service + "/" + member);
    }

    /** The receipt of a decision. */
    public static FleetKey receipt(String service, long epoch) {
        return new FleetKey("receipt/" + service + "/" + epoch);
    }

    /** Returns true if the key begins with a path. */
    public boolean isUnder(String prefix) {
        return path.startsWith(prefix);
    }

    @Override
    public int compareTo(FleetKey other) {
        return path.compareTo(other.path);
    }

    @Override
    public String toString() {
        return path;
    }
}
