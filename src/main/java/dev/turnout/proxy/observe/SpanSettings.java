package dev.turnout.proxy.observe;

import dev.turnout.config.TracingConfig;
import dev.turnout.tls.TlsRefused;
import dev.turnout.tls.TrustFile;
import java.net.URI;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where spans are sent to.
 *
 * @param trust what the collector's certificate is trusted by; empty for what Java trusts
 */
public record SpanSettings(URI url, String serviceName, Optional<SSLContext> trust) {

    /**
     * Reads the file of authorities; empty if requests are not traced. Blocks.
     *
     * @throws TlsRefused if the file can't be used; the message says why
     */
    public static Optional<SpanSettings> of(TracingConfig config) {
        return config.url()
                .map(url -> new SpanSettings(
                        url,
                        config.serviceName(),
                        config.caFile().map(file -> TrustFile.context(TracingConfig.CA_FILE_NAME, file))));
    }
}
