package dev.turnout.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keys under {@code turnout.admin}: where operators and scripts connect to. */
public final class AdminConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<String> HOST = KEYS.add(Key.of("admin.host", ValueType.host())
            .byDefault("127.0.0.1")
            .english("The address of the admin server. Any address but loopback needs a token."));

    static final Key<Integer> PORT = KEYS.add(Key.of("admin.port", ValueType.whole(0, 65535))
            .byDefault("9000")
            .english("The port of the admin server. With 0 the system chooses a port."));

    static final Key<String> TOKEN = KEYS.add(Key.of("admin.token", ValueType.secret())
            .english("The token that every call sends as `Authorization: Bearer`. Without a value no "
                    + "token is needed."));

    static final Key<List<String>> NAMES = KEYS.add(Key.of("admin.names", ValueType.hosts())
            .english("Further names of the admin server, separated by commas. A call is refused if its "
                    + "`Host` is neither one of these names nor the host, its address or `localhost`."));

    static final Key<Boolean> ON_FRONT = KEYS.add(Key.of("admin.on-front", ValueType.flag())
            .byDefault("false")
            .english("Whether `/admin` is served on the front port too. This needs a token."));

    static final Key<Integer> CONNECTIONS = KEYS.add(Key.of("admin.connections", ValueType.whole(8, 10_000))
            .byDefault("256")
            .english("The most connections at a time. At the limit a new connection replaces an idle "
                    + "connection, first one that has not sent the token. A new connection is refused if "
                    + "every connection carries a call."));

    static final Key<Duration> ARRIVAL = KEYS.add(Key.of("admin.arrival", ValueType.time())
            .byDefault("10s")
            .english("How long a call, its head and its body together, may take to arrive."));

    static final Key<Duration> IDLE = KEYS.add(Key.of("admin.idle", ValueType.time())
            .byDefault("30s")
            .english("How long a connection without a call is kept."));

    static final Key<Path> TLS_CERT = KEYS.add(Key.of("admin.tls.cert", ValueType.path())
            .english(
                    "The PEM file of a certificate and the certificates of its authorities, in order. With a value the "
                            + "admin port speaks HTTPS only. Changed files are noticed within 10 s."));

    static final Key<Path> TLS_KEY = KEYS.add(Key.of("admin.tls.key", ValueType.path())
            .english("The PEM file of the private key: PKCS#8, PKCS#1 or SEC1. Without a value the key stands in "
                    + "the file of the certificate."));

    static final Key<Path> TLS_PASSWORD_FILE = KEYS.add(Key.of("admin.tls.password-file", ValueType.path())
            .english("The file whose first line is the password of an encrypted key."));

    static final Key<Path> TLS_CLIENT_CA = KEYS.add(Key.of("admin.tls.client-ca", ValueType.path())
            .english("The PEM file of the authorities of operators. With a value a caller needs a certificate of "
                    + "theirs, even for the health, and the token too if there is one."));

    private final Values values;

    AdminConfig(Values values) {
        this.values = values;
    }

    public String host() {
        return values.get(HOST);
    }

    public int port() {
        return values.get(PORT);
    }

    public Optional<String> token() {
        return values.find(TOKEN);
    }

    public Optional<List<String>> names() {
        return values.find(NAMES);
    }

    public boolean onFront() {
        return values.get(ON_FRONT);
    }

    /** Returns true if the admin port speaks HTTPS. */
    public boolean isSecure() {
        return tlsCert().isPresent();
    }

    public Optional<Path> tlsCert() {
        return values.find(TLS_CERT);
    }

    public Optional<Path> tlsKey() {
        return values.find(TLS_KEY);
    }

    public Optional<Path> tlsPasswordFile() {
        return values.find(TLS_PASSWORD_FILE);
    }

    public Optional<Path> tlsClientCa() {
        return values.find(TLS_CLIENT_CA);
    }

    public int connections() {
        return values.get(CONNECTIONS);
    }

    public Duration arrival() {
        return values.get(ARRIVAL);
    }

    public Duration idle() {
        return values.get(IDLE);
    }
}
