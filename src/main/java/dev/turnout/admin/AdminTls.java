package dev.turnout.admin;

import dev.turnout.config.StateConfig;
import dev.turnout.store.AtomicFile;
import dev.turnout.store.PrivateFiles;
import dev.turnout.tls.CertificateSettings;
import dev.turnout.tls.Certificates;
import dev.turnout.tls.Choice;
import dev.turnout.tls.PemBlock;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * TLS of the admin port, if it is configured. What is served now stands in a file too, so that a command on this machine
 * knows the certificate, although newer files are not taken yet or never will be. Any thread.
 */
public final class AdminTls implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(AdminTls.class);

    private final Optional<Certificates> certificates;
    private final Path state;

    /**
     * @param settings empty if the port speaks plain HTTP
     * @param state the state folder
     */
    public AdminTls(Optional<CertificateSettings> settings, Path state, Clock clock) {
        this.certificates = settings.map(given -> new Certificates(given, clock));
        this.state = state;
    }

    /**
     * Reads the certificate, and begins to watch its files. Blocks.
     *
     * @throws dev.turnout.tls.TlsRefused if the certificate can't be served
     */
    public void open() {
        certificates.ifPresent(opened -> {
            opened.open();
            tell(opened);
            opened.listen(reload -> tell(opened));
        });
    }

    /** Returns true if the port speaks HTTPS. */
    public boolean isOn() {
        return certificates.isPresent();
    }

    /** Returns the certificate of the port, if it has one. */
    public Optional<Certificates> certificates() {
        return certificates;
    }

    /** Returns what a handshake is answered with; empty if the certificate is gone. Does not block. */
    Optional<SslContext> context() {
        return certificates
                .map(Certificates::byDefault)
                .filter(Choice.Serve.class::isInstance)
                .map(choice -> ((Choice.Serve) choice).context());
    }

    private void tell(Certificates opened) {
        Path served = StateConfig.adminCertificate(state);
        Path temp = served.resolveSibling(
                served.getFileName() + "." + ProcessHandle.current().pid());
        try {
            PrivateFiles.makeFolder(state.resolve(StateConfig.TLS_FOLDER));
            new AtomicFile(served, temp, AtomicFile.Ownership.PRIVATE)
                    .replace(PemBlock.ofChain(opened.chain()).getBytes(StandardCharsets.US_ASCII));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that is served", e);
        } catch (IOException e) {
            LOG.warnf(
                    "The certificate of the admin port can't be written to %s (%s). Commands on this machine believe"
                            + " turnout.admin.tls.cert only.",
                    served, e.getMessage());
        }
    }

    @Override
    public void close() {
        certificates.ifPresent(Certificates::close);
    }
}
