package dev.turnout.proxy.observe;

import dev.turnout.config.CollectorHeaders;
import dev.turnout.config.HeaderLine;
import dev.turnout.config.TracingConfig;
import dev.turnout.config.TracingConfig.Compression;
import dev.turnout.tls.TlsRefused;
import dev.turnout.tls.TrustFile;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where spans are sent to.
 *
 * @param headers header lines for the collector, which are secrets
 * @param isCompressed whether batches are compressed by gzip
 * @param trust what the collector's certificate is trusted by; empty for what Java trusts
 */
public record SpanSettings(
        URI url, String serviceName, List<HeaderLine> headers, boolean isCompressed, Optional<SSLContext> trust) {

    public SpanSettings {
        headers = List.copyOf(headers);
    }

    /**
     * Reads the files of authorities and headers; empty if requests are not traced. Blocks.
     *
     * @throws TlsRefused if the file of authorities can't be used; the message says why
     * @throws IllegalStateException if the file of headers can't be used; the message says why
     */
    public static Optional<SpanSettings> of(TracingConfig config) {
        return config.url()
                .map(url -> new SpanSettings(
                        url,
                        config.serviceName(),
                        CollectorHeaders.read(config),
                        config.compression() == Compression.GZIP,
                        config.caFile().map(file -> TrustFile.context(TracingConfig.CA_FILE_NAME, file))));
    }
}
