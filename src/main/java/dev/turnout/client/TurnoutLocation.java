package dev.turnout.client;

import dev.turnout.client.LocationRefused.Fault;
import dev.turnout.config.AdminAccess;
import dev.turnout.routing.VisibleText;
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
 * goes only to the configuration's address, so that it never reaches another machine.
 *
 * @param address of the admin server
 * @param token that calls send, if there is one
 * @param unreadable the configuration files that this process may not read
 */
public record TurnoutLocation(URI address, Optional<String> token, List<Path> unreadable) {

    /** The environment variable with the address of the admin server. */
    public static final String ADDRESS_VARIABLE = "TURNOUT_URL";

    /** The environment variable with the token. */
    public static final String TOKEN_VARIABLE = "TURNOUT_ADMIN_TOKEN";

    private static final int MOST_TOKEN_BYTES = 4_096;

    private static final Pattern TOKEN = Pattern.compile("[!-~]+");

    public TurnoutLocation {
        unreadable = List.copyOf(unreadable);
    }

    /**
     * Finds the running Turnout.
     *
     * @param url the option {@code --url}
     * @param tokenFile the option {@code --token-file}
     * @throws LocationRefused if one of these, or the configuration, is wrong
     */
    public static TurnoutLocation find(Optional<String> url, Optional<Path> tokenFile, Map<String, String> environment)
            throws LocationRefused {
        Optional<String> given = url.or(() -> variable(environment, ADDRESS_VARIABLE));
        Optional<String> token = tokenFile.isPresent()
                ? Optional.of(checkedToken(read(tokenFile.get())))
                : variable(environment, TOKEN_VARIABLE);
        if (given.isPresent()) {
            return new TurnoutLocation(address(given.get()), checked(token), List.of());
        }
        AdminAccess access = access();
        return new TurnoutLocation(access.address().resolve(""), checked(token.or(access::token)), access.unreadable());
    }

    /** Returns a client of this Turnout. */
    public AdminClient client() {
        return new AdminClient(address, token);
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
