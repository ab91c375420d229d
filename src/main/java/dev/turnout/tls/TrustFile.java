package dev.turnout.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** A file of the authorities that servers are believed by. */
public final class TrustFile {

    private TrustFile() {}

    /** Returns the TLS of a client that believes these authorities and no other. Blocks. */
    public static SSLContext context(Path file) throws IOException, GeneralSecurityException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, KeyStores.trust(PemFile.authorities(file)).getTrustManagers(), null);
            return context;
        } catch (UnusablePair e) {
            throw new GeneralSecurityException("it " + e.reason(), e);
        }
    }
}
