package dev.turnout.acme;

import java.net.http.HttpClient;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import javax.net.ssl.SSLContext;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.challenge.TokenChallenge;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.provider.GenericAcmeProvider;
import org.shredzone.acme4j.toolbox.JSON;

/**
 * The way of acme4j to an authority: HTTPS with the certificates that the authority is trusted by. It names the
 * challenges that Turnout knows, so that no service loader is asked, which an executable would lack.
 */
final class TrustingProvider extends GenericAcmeProvider {

    private static final Map<String, BiFunction<Login, JSON, Challenge>> CHALLENGES = Map.of(
            Http01Challenge.TYPE, Http01Challenge::new,
            TlsAlpn01Challenge.TYPE, TlsAlpn01Challenge::new,
            Dns01Challenge.TYPE, Dns01Challenge::new);

    private final Optional<SSLContext> trust;

    /** @param trust empty for what Java trusts */
    TrustingProvider(Optional<SSLContext> trust) {
        this.trust = trust;
    }

    @Override
    public HttpClient createHttpClient(NetworkSettings settings) {
        HttpClient.Builder client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(settings.getTimeout())
                .proxy(settings.getProxySelector());
        trust.ifPresent(client::sslContext);
        return client.build();
    }

    @Override
    public Challenge createChallenge(Login login, JSON data) {
        BiFunction<Login, JSON, Challenge> known =
                CHALLENGES.get(data.get("type").asString());
        if (known != null) {
            return known.apply(login, data);
        }
        return data.contains("token") ? new TokenChallenge(login, data) : new Challenge(login, data);
    }
}
