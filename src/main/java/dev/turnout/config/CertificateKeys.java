package dev.turnout.config;

import java.util.List;

/**
 * The keys of one name under {@code turnout.tls.certificates}.
 *
 * @param certificate the name
 * @param prefix what the keys begin with
 */
record CertificateKeys(String certificate, String prefix) {

    /** Returns what stands for a key of the table in this certificate. */
    <T> Key<T> own(Key<T> key) {
        return key.in(prefix);
    }

    /** Returns every key of this certificate. */
    List<Key<?>> all() {
        return CertificateConfig.KEYS.stream().<Key<?>>map(this::own).toList();
    }
}
