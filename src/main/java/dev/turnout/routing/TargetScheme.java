package dev.turnout.routing;

/** Whether a target is spoken to over TLS. */
public enum TargetScheme {
    /** As the settings of its service say. */
    OF_SERVICE(""),
    /** In clear. */
    HTTP("http://"),
    /** Over TLS. */
    HTTPS("https://");

    private final String prefix;

    TargetScheme(String prefix) {
        this.prefix = prefix;
    }

    /** Returns what stands before the address. */
    String prefix() {
        return prefix;
    }
}
