package dev.turnout.fleet;

/** A key of the fleet that is not understood. The message is a sentence. */
final class FleetUnreadable extends Exception {

    private static final long serialVersionUID = 1L;

    private final String key;

    FleetUnreadable(String key, String reason) {
        super("The key " + key + " in etcd is not one that Turnout can trust: " + reason + ".");
        this.key = key;
    }

    String key() {
        return key;
    }
}
