package dev.turnout.acme;

import dev.turnout.acme.CaSettings.ExternalAccount;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;

/** A certificate authority that acme4j speaks to. For one thread. */
final class Acme4jAuthority implements Authority {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);

    private final Session session;
    private final KeyPair accountKey;
    private final CaSettings settings;
    private @Nullable Login login;

    /**
     * @param directory the address of the ACME directory
     * @throws AuthorityFailed if the file of trusted certificates can't be used
     */
    Acme4jAuthority(URI directory, KeyPair accountKey, CaSettings settings) throws AuthorityFailed {
        this.session = new Session(directory, new TrustingProvider(Trust.of(settings.caFile())));
        this.accountKey = accountKey;
        this.settings = settings;
        session.networkSettings().setTimeout(REQUEST_TIMEOUT);
    }

    /** Returns the account; the first call makes it, or finds it by its key (RFC 8555, section 7.3.1). */
    private Login login() throws AcmeException, AuthorityFailed {
        if (login == null) {
            AccountBuilder account =
                    new AccountBuilder().agreeToTermsOfService().useKeyPair(accountKey);
            settings.email().ifPresent(account::addEmail);
            if (settings.externalAccount().isPresent()) {
                ExternalAccount external = settings.externalAccount().get();
                account.withKeyIdentifier(external.keyIdentifier(), key(external));
            }
            login = account.createLogin(session);
        }
        return login;
    }

    private static String key(ExternalAccount external) throws AuthorityFailed {
        try {
            return Files.readString(external.keyFile()).strip();
        } catch (IOException e) {
            throw new AuthorityFailed(
                    AuthorityFailed.Kind.NOT_READY,
                    "The key of the external account can't be read: " + e + ". Correct turnout.acme.eab.key-file.",
                    e);
        }
    }

    @Override
    public OpenOrder order(List<String> names, Optional<X509Certificate> replaces) throws AuthorityFailed {
        return Acme4jFailures.translate(() -> {
            OrderBuilder order = login().newOrder().domains(names);
            settings.profile().ifPresent(order::profile);
            if (replaces.isPresent()
                    && session.resourceUrlOptional(Resource.RENEWAL_INFO).isPresent()) {
                order.replaces(replaces.get());
            }
            return new Acme4jOrder(order.create());
        });
    }

    @Override
    public OpenOrder resume(URI location) throws AuthorityFailed {
        return Acme4jFailures.translate(() -> new Acme4jOrder(login().bindOrder(location.toURL())));
    }

    @Override
    public Optional<RenewalWindow> renewalWindow(X509Certificate certificate) throws AuthorityFailed {
        return Acme4jFailures.translate(() -> {
            if (session.resourceUrlOptional(Resource.RENEWAL_INFO).isEmpty()) {
                return Optional.empty();
            }
            RenewalInfo info = anybody().bindRenewalInfo(certificate);
            Optional<Instant> again = info.fetch();
            return Optional.of(new RenewalWindow(
                    info.getSuggestedWindowStart(),
                    info.getSuggestedWindowEnd(),
                    again.map(at -> Duration.between(Instant.now(), at))));
        });
    }

    /** Returns a login for questions that need no account. */
    private Login anybody() throws MalformedURLException {
        return login == null ? session.login(session.getServerUri().toURL(), accountKey) : login;
    }
}
