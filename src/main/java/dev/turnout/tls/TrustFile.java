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

    /**
     * Returns the TLS of a client that believes the authorities in the file of a key. Blocks.
     *
     * @throws TlsRefused if the file can't be used; the message names the key
     */
    public static SSLContext context(String key, Path file) {
        try {
            return context(file);
        } catch (IOException e) {
            throw unusable(key, file, FileAccess.explain(file, e));
        } catch (GeneralSecurityException e) {
            throw unusable(key, file, String.valueOf(e.getMessage()));
        }
    }

    private static TlsRefused unusable(String key, Path file, String why) {
        return new TlsRefused(key + "=" + file + ": " + why + ". Repair the file, or remove the key.");
    }
}
