package dev.turnout.config;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * The address at which a certificate authority speaks ACME (RFC 8555, section 7.1.1).
 *
 * @param name the name of the authority's folder: the word of the configuration, or host and path of the address
 * @param address what orders begin with
 */
public record AcmeDirectory(String name, URI address) {

    static final AcmeDirectory LETS_ENCRYPT =
            new AcmeDirectory("letsencrypt", URI.create("https://acme-v02.api.letsencrypt.org/directory"));
    static final AcmeDirectory LETS_ENCRYPT_STAGING = new AcmeDirectory(
            "letsencrypt-staging", URI.create("https://acme-staging-v02.api.letsencrypt.org/directory"));

    /**
     * Reads {@code letsencrypt}, {@code letsencrypt-staging}, or a URL.
     *
     * @throws IllegalArgumentException if the text is none of them
     */
    public static AcmeDirectory parse(String text) {
        if (text.equals(LETS_ENCRYPT.name)) {
            return LETS_ENCRYPT;
        }
        if (text.equals(LETS_ENCRYPT_STAGING.name)) {
            return LETS_ENCRYPT_STAGING;
        }
        URI address = URI.create(text);
        if (!"https".equals(address.getScheme()) || address.getHost() == null) {
            throw new IllegalArgumentException("'" + text + "' is no URL that begins with https://");
        }
        return new AcmeDirectory(folder(address), address);
    }

    private static String folder(URI address) {
        String path = address.getPath() == null ? "" : address.getPath();
        String port = address.getPort() < 0 ? "" : "-" + address.getPort();
        String name = (address.getHost() + port + path).toLowerCase(Locale.ROOT);
        return name.replaceAll("[^a-z0-9.]+", "-").replaceAll("^[.-]+|[.-]+$", "");
    }

    /** Returns where an order can be tried without a limit that hurts; empty if the authority is not known to have one. */
    public Optional<AcmeDirectory> staging() {
        return equals(LETS_ENCRYPT) ? Optional.of(LETS_ENCRYPT_STAGING) : Optional.empty();
    }
}
