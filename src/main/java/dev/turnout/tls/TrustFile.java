package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
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
            return read(file);
        } catch (UnusablePair e) {
            throw new GeneralSecurityException(e.reason().english(), e);
        }
    }

    /**
     * Returns the TLS of a client that believes the authorities in the file of a key. Blocks.
     *
     * @throws TlsRefused if the file can't be used; the message names the key
     */
    public static SSLContext context(String key, Path file) {
        try {
            return read(file);
        } catch (IOException e) {
            throw unusable(key, file, FileAccess.explain(file, e));
        } catch (UnusablePair e) {
            throw unusable(key, file, e.reason());
        } catch (GeneralSecurityException e) {
            throw unusable(key, file, TlsText.of(TlsFinding.CAN_NOT_BE_READ, "reason", String.valueOf(e.getMessage())));
        }
    }

    private static SSLContext read(Path file) throws UnusablePair, IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, KeyStores.trust(PemFile.authorities(file)).getTrustManagers(), null);
        return context;
    }

    private static TlsRefused unusable(String key, Path file, TlsText why) {
        return new TlsRefused(why.at(key + "=" + file).then(TlsFinding.REPAIR_OR_REMOVE));
    }
}
