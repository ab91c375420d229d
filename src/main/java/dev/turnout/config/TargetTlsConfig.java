package dev.turnout.config;

import java.nio.file.Path;
import java.util.Optional;

/** Keys of TLS to targets: {@code turnout.upstream.tls}, and {@code tls} in a service. */
public final class TargetTlsConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Boolean> TLS = KEYS.add(Key.of("tls", ValueType.flag())
            .byDefault("false")
            .below("upstream.")
            .shared()
            .atReload()
            .english("Whether targets are spoken to over TLS, by requests, probes and the warm-up. A target has to "
                    + "prove its name. A target `https://host:port` or `http://host:port` says it for itself, and a Unix "
                    + "socket is spoken to in clear."));

    static final Key<Path> CA = KEYS.add(Key.of("tls-ca", ValueType.path())
            .below("upstream.")
            .shared()
            .atReload()
            .english("The PEM file of the authorities whose certificates of targets are believed. Without a value "
                    + "they are those of the Java virtual machine."));

    static final Key<String> NAME = KEYS.add(Key.of("tls-name", ValueType.host())
            .below("upstream.")
            .shared()
            .atReload()
            .english("The name that a target is asked for by SNI, and that its certificate has to be for. Without a "
                    + "value it is the target's own host."));

    static final Key<Path> CERT = KEYS.add(Key.of("tls-cert", ValueType.path())
            .below("upstream.")
            .shared()
            .atReload()
            .english("The PEM file of the certificate that Turnout shows a target that asks for one."));

    static final Key<Path> KEY = KEYS.add(Key.of("tls-key", ValueType.path())
            .below("upstream.")
            .shared()
            .atReload()
            .english("The PEM file of that certificate's key. Without a value the key stands in the file of the "
                    + "certificate."));

    static final Key<Path> PASSWORD_FILE = KEYS.add(Key.of("tls-password-file", ValueType.path())
            .below("upstream.")
            .shared()
            .atReload()
            .english("The file of the password of an encrypted key."));

    static final Key<Boolean> VERIFY = KEYS.add(Key.of("tls-verify", ValueType.flag())
            .byDefault("true")
            .below("upstream.")
            .shared()
            .atReload()
            .english("With `false` any certificate of a target is taken, so that anybody between Turnout and the "
                    + "target can read and change everything. Each start and reload warns of it."));

    private static final String PREFIX = "tls-";

    private final Values values;

    TargetTlsConfig(Values values) {
        this.values = values;
    }

    public boolean tls() {
        return values.get(TLS);
    }

    /** Returns the name under which TLS to targets is switched on. */
    public String tlsKey() {
        return values.nameOf(TLS);
    }

    public Optional<Path> ca() {
        return values.find(CA);
    }

    /** Returns the name under which the authorities are given. */
    public String caKey() {
        return values.nameOf(CA);
    }

    public Optional<String> name() {
        return values.find(NAME);
    }

    public Optional<Path> cert() {
        return values.find(CERT);
    }

    /** Returns what the names of the keys of that certificate begin with. */
    public String certPrefix() {
        return prefixOf(CERT);
    }

    public Optional<Path> key() {
        return besidesCert(KEY);
    }

    public Optional<Path> passwordFile() {
        return besidesCert(PASSWORD_FILE);
    }

    /** A service's own certificate has nothing to do with the key at the top. */
    private <T> Optional<T> besidesCert(Key<T> key) {
        return values.find(key).filter(value -> prefixOf(key).equals(prefixOf(CERT)));
    }

    private String prefixOf(Key<?> key) {
        String name = values.nameOf(key);
        return name.substring(0, name.lastIndexOf(PREFIX) + PREFIX.length());
    }

    /**
     * Returns the warning that the targets of a service do not have to prove who they are.
     *
     * @param verify the name of the key that switches it off
     * @param authorities the name of the key for their authorities
     */
    public static String unverified(String service, String verify, String authorities) {
        return verify + "=false: the certificates of the targets of service '" + service
                + "' are not verified. Anybody on"
                + " the way to them can read and change everything. Remove " + verify
                + "=false, and name their authority"
                + " by " + authorities + ".";
    }

    public boolean verify() {
        return values.get(VERIFY);
    }

    /** Returns the name under which verification is switched off. */
    public String verifyKey() {
        return values.nameOf(VERIFY);
    }
}
