package dev.turnout.client;

import dev.turnout.client.LocationRefused.Fault;
import dev.turnout.config.AdminAccess;
import dev.turnout.routing.VisibleText;
import dev.turnout.tls.CallerTls;
import dev.turnout.tls.TlsRefused;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The place of the running Turnout.
 *
 * <p>The address is the first of: the option, {@value #ADDRESS_VARIABLE}, the configuration that the server reads. The
 * token is the first of: the file of the option, {@value #TOKEN_VARIABLE}, the configuration. The configuration's token
 * goes only to the configuration's address, so that it never reaches another machine. A configuration file of the working
 * directory does not count if others than root and this user can have written it.
 *
 * <p>With HTTPS those are believed whom {@code --ca-file} or {@value #CA_VARIABLE} names. Without them, at the
 * configuration's address the configured certificate is, and elsewhere the authorities of Java.
 *
 * @param address of the admin server
 * @param token that calls send, if there is one
 * @param tls whom to believe, of an address with {@code https}
 * @param leftOut the working directory, if keys of Turnout stand in files there that do not count
 * @param unreadable the configuration files that this process may not read
 */
public record TurnoutLocation(
        URI address, Optional<String> token, Optional<CallerTls> tls, Optional<Path> leftOut, List<Path> unreadable) {

    /**
     * What the options of a word say.
     *
     * @param url {@code --url}
     * @param tokenFile {@code --token-file}
     * @param caFile {@code --ca-file}
     * @param certFile {@code --cert-file}
     * @param keyFile {@code --key-file}
     */
    public record Options(
            Optional<String> url,
            Optional<Path> tokenFile,
            Optional<Path> caFile,
            Optional<Path> certFile,
            Optional<Path> keyFile) {}

    /** The environment variable with the address of the admin server. */
    public static final String ADDRESS_VARIABLE = "TURNOUT_URL";

    /** The environment variable with the token. */
    public static final String TOKEN_VARIABLE = "TURNOUT_ADMIN_TOKEN";

    /** The environment variable with the file of the authorities of the admin server. */
    public static final String CA_VARIABLE = "TURNOUT_CA_FILE";

    /** The environment variable with the file of the caller's certificate. */
    public static final String CERT_VARIABLE = "TURNOUT_CERT_FILE";

    /** The environment variable with the file of the caller's key. */
    public static final String KEY_VARIABLE = "TURNOUT_KEY_FILE";

    private static final int MOST_TOKEN_BYTES = 4_096;

    private static final Pattern TOKEN = Pattern.compile("[!-~]+");

    public TurnoutLocation {
        unreadable = List.copyOf(unreadable);
    }

    /**
     * Finds the running Turnout.
     *
     * @throws LocationRefused if one of the options, a variable, or the configuration is wrong
     */
    public static TurnoutLocation find(Options options, Map<String, String> environment) throws LocationRefused {
        Optional<String> given = options.url().or(() -> variable(environment, ADDRESS_VARIABLE));
        Optional<String> token = options.tokenFile().isPresent()
                ? Optional.of(checkedToken(read(options.tokenFile().get())))
                : variable(environment, TOKEN_VARIABLE);
        TlsFiles files = new TlsFiles(
                options.caFile().or(() -> file(environment, CA_VARIABLE)),
                options.certFile().or(() -> file(environment, CERT_VARIABLE)),
                options.keyFile().or(() -> file(environment, KEY_VARIABLE)));
        if (given.isPresent()) {
            URI address = address(given.get());
            return new TurnoutLocation(
                    address,
                    checked(token),
                    files.tls("https".equals(address.getScheme()), List.of()),
                    Optional.empty(),
                    List.of());
        }
        AdminAccess access = access();
        return new TurnoutLocation(
                access.address().url(access.isSecure()),
                checked(token.or(access::token)),
                files.tls(access.isSecure(), access.certificates()),
                access.leftOut(),
                access.unreadable());
    }

    /** Returns a client of this Turnout. */
    public AdminClient client() {
        return new AdminClient(address, token, tls);
    }

    /** The PEM files that are given for TLS. */
    private record TlsFiles(Optional<Path> authorities, Optional<Path> cert, Optional<Path> key) {

        Optional<CallerTls> tls(boolean isSecure, List<Path> known) throws LocationRefused {
            if (!isSecure) {
                return Optional.empty();
            }
            boolean isKnown = authorities.isEmpty() && !known.isEmpty();
            try {
                return Optional.of(
                        isKnown ? CallerTls.knowing(known, cert, key) : CallerTls.of(authorities, cert, key));
            } catch (TlsRefused e) {
                throw new LocationRefused(
                        isKnown ? Fault.CERTIFICATE : Fault.TLS_FILE, VisibleText.of(e.reason(), VisibleText.LONG));
            }
        }
    }

    private static Optional<Path> file(Map<String, String> environment, String name) {
        return variable(environment, name).map(Path::of);
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static AdminAccess access() throws LocationRefused {
        try {
            return AdminAccess.configured();
        } catch (RuntimeException e) {
            throw new LocationRefused(
                    Fault.CONFIGURATION, VisibleText.of(String.valueOf(e.getMessage()), VisibleText.LONG));
        }
    }

    /** Reads {@code http://HOST:PORT}, or {@code HOST:PORT}. */
    private static URI address(String text) throws LocationRefused {
        String url = text.contains("://") ? text : "http://" + text;
        try {
            URI address = new URI(url).parseServerAuthority();
            boolean isKnown = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (isKnown && address.getHost() != null && address.getUserInfo() == null && address.getQuery() == null) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Refused below, as an address without a host is.
        }
        throw new LocationRefused(Fault.ADDRESS, VisibleText.of(text, VisibleText.SHORT));
    }

    private static String read(Path file) throws LocationRefused {
        try (InputStream bytes = Files.newInputStream(file)) {
            return new String(bytes.readNBytes(MOST_TOKEN_BYTES), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new LocationRefused(Fault.TOKEN_FILE, VisibleText.of(file.toString(), VisibleText.SHORT));
        }
    }

    private static Optional<String> checked(Optional<String> token) throws LocationRefused {
        return token.isPresent() ? Optional.of(checkedToken(token.get())) : token;
    }

    /** Returns the token itself. Anything but visible ASCII could end the header field that the token stands in. */
    private static String checkedToken(String token) throws LocationRefused {
        if (!TOKEN.matcher(token).matches()) {
            throw new LocationRefused(Fault.TOKEN, "");
        }
        return token;
    }
}
