package dev.turnout.support;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;

/**
 * Two pairs of RSA keys for all tests of a process: a pair takes a second of processor time. acme4j signs its certificates
 * for tests with RSA only.
 */
public final class RsaKeys {

    private static final int BITS = 2048;
    private static final KeyPair FIRST = make();
    private static final KeyPair SECOND = make();

    private RsaKeys() {}

    public static KeyPair first() {
        return FIRST;
    }

    public static KeyPair second() {
        return SECOND;
    }

    private static KeyPair make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
