package dev.turnout.config;

import dev.turnout.routing.HostPort;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keys under {@code turnout.fleet}: several Turnouts whose changes are decided together, on etcd. */
public final class FleetConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<List<URI>> ENDPOINTS = KEYS.add(
            Key.of("fleet.endpoints", ValueType.anyHttpUrls())
                    .english(
                            "The client URLs of the nodes of etcd, separated by commas, such as `http://10.0.0.1:2379`. Without a"
                                    + " value this Turnout is alone, and needs no etcd. See [FLEET.md](FLEET.md). Not in nginx mode."));

    static final Key<String> NAME = KEYS.add(Key.of("fleet.name", ValueType.pathPart())
            .byDefault("main")
            .english("The name of the fleet. Its keys in etcd begin with `/turnout/NAME/`."));

    static final Key<String> MEMBER = KEYS.add(Key.of("fleet.member", ValueType.pathPart())
            .english(
                    "The name of this machine's place in the fleet. Without a value it is the name of the host. No other"
                            + " machine may have it."));

    static final Key<HostPort> ADDRESS = KEYS.add(Key.of("fleet.address", ValueType.hostPort())
            .english(
                    "The host and port at which the other members reach this one's admin server, such as `10.0.0.1:9180`. They"
                            + " ask it when they can't reach etcd. Without a value it is `turnout.admin.host` and"
                            + " `turnout.admin.port`."));

    static final Key<String> USER = KEYS.add(Key.of("fleet.user", ValueType.visible())
            .english("The user of etcd, if etcd asks for one. It needs a role on the keys of the fleet only."));

    static final Key<Path> PASSWORD_FILE = KEYS.add(Key.of("fleet.password-file", ValueType.path())
            .english("The file whose first line is that user's password."));

    static final Key<Path> CA_FILE = KEYS.add(Key.of("fleet.ca-file", ValueType.path())
            .english(
                    "The PEM file of the authorities that etcd's certificates are trusted by. Without a value it is what"
                            + " Java trusts."));

    static final Key<Path> CERT = KEYS.add(Key.of("fleet.cert", ValueType.path())
            .english("The PEM file of the certificate that Turnout shows etcd, if etcd asks for one."));

    static final Key<Path> KEY = KEYS.add(Key.of("fleet.key", ValueType.path())
            .english("The PEM file of that certificate's key. Without a value the key stands in the file of the"
                    + " certificate."));

    static final Key<Duration> HOLD = KEYS.add(Key.of("fleet.hold", ValueType.time())
            .byDefault("500ms")
            .english("How long a member that has voted waits for the decision before it takes its vote back."));

    static final Key<Flip> FLIP = KEYS.add(Key.of("fleet.flip", ValueType.word(Flip.values()))
            .byDefault("strict")
            .english(
                    "`strict`: each member keeps new requests of a service from its vote to the decision, some 20 ms, so no"
                            + " member sends one to the old slot after another member has sent one to the new slot. `fast`: nothing"
                            + " is kept, and for some milliseconds both slots get requests."));

    static final Key<Duration> IN_DOUBT = KEYS.add(Key.of("fleet.in-doubt", ValueType.time())
            .byDefault("5s")
            .english("How long a member that has voted and can't learn the decision, neither from etcd nor from another"
                    + " member, keeps requests. Longer than turnout.fleet.hold."));

    static final Key<WhenInDoubt> WHEN_IN_DOUBT = KEYS.add(Key.of(
                    "fleet.when-in-doubt", ValueType.word(WhenInDoubt.values()))
            .byDefault("serve")
            .english("What that member does then. `serve`: it sends requests to the slot from before, and the receipt"
                    + " says so. `hold`: it keeps them, and refuses them after turnout.pause.timeout."));

    static final Key<Optional<Duration>> START_ALONE = KEYS.add(Key.of("fleet.start-alone", ValueType.timeOrNever())
            .byDefault("30s")
            .english("How long a start waits for etcd before it serves what the disk says, or `never`."));

    static final Key<Duration> READ = KEYS.add(Key.of("fleet.read", ValueType.time())
            .byDefault("1s")
            .english("How often etcd is read, whatever its watch says."));

    static final Key<Duration> LEASE = KEYS.add(Key.of("fleet.lease", ValueType.time())
            .byDefault("10s")
            .english("How long a member counts as present after its last word. At least 2 seconds."));

    static final Key<Boolean> LEAVE_ON_STOP = KEYS.add(Key.of("fleet.leave-on-stop", ValueType.flag())
            .byDefault("false")
            .english(
                    "Whether a stop takes this machine out of the fleet once its requests have ended. For machines that come"
                            + " and go by themselves: a restart is in no fleet until `turnout fleet join`. A hand-over leaves"
                            + " nothing."));

    private final Values values;

    /** Whether requests are kept from a vote to its decision. */
    public enum Flip {
        STRICT,
        FAST
    }

    /** What a member does that does not learn a decision. */
    public enum WhenInDoubt {
        SERVE,
        HOLD
    }

    FleetConfig(Values values) {
        this.values = values;
    }

    /** Returns the nodes of etcd; empty without a fleet. */
    public List<URI> endpoints() {
        return values.find(ENDPOINTS).orElse(List.of());
    }

    public String name() {
        return values.get(NAME);
    }

    public Optional<String> member() {
        return values.find(MEMBER);
    }

    /** Returns where other members reach this one's admin server; empty for where it listens. */
    public Optional<HostPort> address() {
        return values.find(ADDRESS);
    }

    public Optional<String> user() {
        return values.find(USER);
    }

    public Optional<Path> passwordFile() {
        return values.find(PASSWORD_FILE);
    }

    public Optional<Path> caFile() {
        return values.find(CA_FILE);
    }

    public Optional<Path> cert() {
        return values.find(CERT);
    }

    public Optional<Path> key() {
        return values.find(KEY);
    }

    public Duration hold() {
        return values.get(HOLD);
    }

    public boolean leaveOnStop() {
        return values.get(LEAVE_ON_STOP);
    }

    public Flip flip() {
        return values.get(FLIP);
    }

    public Duration inDoubt() {
        return values.get(IN_DOUBT);
    }

    public WhenInDoubt whenInDoubt() {
        return values.get(WHEN_IN_DOUBT);
    }

    /** Returns how long a start waits for etcd; empty for ever. */
    public Optional<Duration> startAlone() {
        return values.get(START_ALONE);
    }

    public Duration read() {
        return values.get(READ);
    }

    public Duration lease() {
        return values.get(LEASE);
    }
}
