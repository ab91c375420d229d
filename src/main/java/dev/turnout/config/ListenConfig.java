package dev.turnout.config;

/** Keys under {@code turnout.listen}: where clients connect to. */
public final class ListenConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<String> HOST = KEYS.add(Key.of("listen.host", ValueType.host())
            .byDefault("0.0.0.0")
            .english("The address that clients connect to."));

    static final Key<Integer> PORT = KEYS.add(Key.of("listen.port", ValueType.whole(0, 65535))
            .byDefault("80")
            .english("The port that clients connect to. With 0 the system chooses a port."));

    static final Key<Plain> PLAIN = KEYS.add(Key.of("listen.plain", ValueType.word(Plain.values()))
            .byDefault("on")
            .english("What `turnout.listen.port` is for beside HTTPS: `on` for all requests, `challenges` for the "
                    + "challenges of certificate authorities and `turnout.ready.path` only, `off` for no port at "
                    + "all."));

    static final Key<Boolean> REUSE_PORT = KEYS.add(Key.of("listen.reuse-port", ValueType.flag())
            .byDefault("false")
            .english("Whether a second Turnout with the same state folder may listen here too and take "
                    + "over without a gap: `deploy/restart.sh`. Not for sockets that systemd opens."));

    /** How many new connections may wait to be accepted, if the system lets them. */
    public static final int BACKLOG = 4_096;

    private final Values values;

    ListenConfig(Values values) {
        this.values = values;
    }

    public String host() {
        return values.get(HOST);
    }

    public int port() {
        return values.get(PORT);
    }

    public Plain plain() {
        return values.get(PLAIN);
    }

    public boolean reusePort() {
        return values.get(REUSE_PORT);
    }

    /** What the port for plain HTTP is for. */
    public enum Plain {
        ON,
        CHALLENGES,
        OFF
    }
}
