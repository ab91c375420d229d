package dev.turnout.acme;

import dev.turnout.tls.TrustFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** What the certificate of a private authority's own server is trusted by ({@code turnout.acme.ca-file}). */
final class Trust {

    private Trust() {}

    /** Returns a context for the certificates in a file; empty without a file. */
    static Optional<SSLContext> of(Optional<Path> file) throws AuthorityFailed {
        return file.isEmpty() ? Optional.empty() : Optional.of(read(file.get()));
    }

    private static SSLContext read(Path file) throws AuthorityFailed {
        try {
            return TrustFile.context(file);
        } catch (IOException | GeneralSecurityException e) {
            throw new AuthorityFailed(
                    AuthorityFailed.Kind.NOT_READY,
                    "The certificates that the authority is trusted by can't be used: " + e
                            + ". Correct turnout.acme.ca-file.",
                    e);
        }
    }
}
