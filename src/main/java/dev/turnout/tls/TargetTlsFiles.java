package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.tls.TargetTlsSettings.ClientPair;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Settings of TLS to the targets of a service, with what their files hold.
 *
 * @param authorities the authorities that are believed; empty for those of the Java virtual machine
 * @param certificate what Turnout shows a target that asks
 */
record TargetTlsFiles(
        TargetTlsSettings settings,
        Optional<List<X509Certificate>> authorities,
        Optional<CertificatePair> certificate) {

    /**
     * Reads the files. Blocks.
     *
     * @throws TlsRefused if a file can't be used; the message says why
     */
    static TargetTlsFiles read(TargetTlsSettings settings) {
        try {
            Optional<List<X509Certificate>> authorities = settings.authorities().isPresent()
                    ? Optional.of(authorities(
                            settings.keys().authorities(),
                            settings.authorities().get()))
                    : Optional.empty();
            Optional<CertificatePair> certificate = settings.certificate().isPresent()
                    ? Optional.of(pair(
                            settings.keys().certPrefix(), settings.certificate().get()))
                    : Optional.empty();
            return new TargetTlsFiles(settings, authorities, certificate);
        } catch (UnusablePair e) {
            throw new TlsRefused(e.reason().then(TlsFinding.REPAIR_OR_REMOVE));
        }
    }

    /** Returns true if other files lead to the same connections. */
    boolean isSame(TargetTlsFiles other) {
        return settings.equals(other.settings)
                && authorities.equals(other.authorities)
                && certificate.map(CertificatePair::digest).equals(other.certificate.map(CertificatePair::digest));
    }

    private static List<X509Certificate> authorities(String key, Path file) throws UnusablePair {
        String named = key + "=" + file;
        try {
            return PemFile.authorities(file);
        } catch (UnusablePair e) {
            throw new UnusablePair(e.reason().at(named));
        } catch (IOException e) {
            throw new UnusablePair(FileAccess.explain(file, e).at(named));
        }
    }

    private static CertificatePair pair(String prefix, ClientPair files) throws UnusablePair {
        PairFiles pair =
                new PairFiles(CertificateSource.FILE, "targets", files.cert(), files.key(), files.password(), prefix);
        return PairReader.read(pair, pair.read());
    }
}
