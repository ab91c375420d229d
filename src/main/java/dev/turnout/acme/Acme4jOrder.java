package dev.turnout.acme;

import static java.util.Objects.requireNonNull;

import dev.turnout.acme.AuthorityFailed.Kind;
import dev.turnout.config.AcmeChallenge;
import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.challenge.TokenChallenge;
import org.shredzone.acme4j.util.CSRBuilder;

/** An order that acme4j holds. */
final class Acme4jOrder implements OpenOrder {

    private final Order order;

    Acme4jOrder(Order order) {
        this.order = order;
    }

    @Override
    public URI location() {
        return URI.create(order.getLocation().toString());
    }

    @Override
    public Look look() throws AuthorityFailed {
        return Acme4jFailures.translate(() -> {
            Optional<Instant> again = order.fetch();
            return new Look(
                    state(order.getStatus()),
                    again.map(at -> Duration.between(Instant.now(), at))
                            .filter(time -> !time.isNegative())
                            .orElse(Duration.ZERO));
        });
    }

    private static State state(Status status) {
        return switch (status) {
            case PENDING -> State.PENDING;
            case READY -> State.READY;
            case VALID -> State.VALID;
            case PROCESSING -> State.PROCESSING;
            default -> State.INVALID;
        };
    }

    @Override
    public List<OpenChallenge> challenges(AcmeChallenge kind) throws AuthorityFailed {
        return Acme4jFailures.translate(() -> {
            List<OpenChallenge> challenges = new ArrayList<>();
            for (Authorization authorization : order.getAuthorizations()) {
                if (authorization.getStatus() == Status.PENDING) {
                    challenges.add(challenge(authorization, kind));
                }
            }
            return challenges;
        });
    }

    private static OpenChallenge challenge(Authorization authorization, AcmeChallenge kind) throws AuthorityFailed {
        String name = authorization.getIdentifier().getDomain();
        String type = type(kind);
        TokenChallenge challenge = authorization
                .findChallenge(type)
                .map(TokenChallenge.class::cast)
                .orElse(null);
        if (challenge == null) {
            throw new AuthorityFailed(
                    Kind.REFUSED,
                    "The authority does not offer the challenge " + type + " for " + name
                            + ". Choose another turnout.acme.challenge.");
        }
        String keyAuthorization = challenge.getAuthorization();
        String token = keyAuthorization.substring(0, keyAuthorization.indexOf('.'));
        return new Acme4jChallenge(challenge, new Proof(name, token, keyAuthorization));
    }

    private static String type(AcmeChallenge kind) {
        return switch (kind) {
            case HTTP_01 -> Http01Challenge.TYPE;
            case TLS_ALPN_01 -> TlsAlpn01Challenge.TYPE;
            case DNS_01 -> Dns01Challenge.TYPE;
        };
    }

    /** A challenge of the order. */
    private record Acme4jChallenge(Challenge challenge, Proof proof) implements OpenChallenge {

        @Override
        public void begin() throws AuthorityFailed {
            Acme4jFailures.translate(() -> {
                // An order that is resumed may have begun it before a crash.
                if (challenge.getStatus() == Status.PENDING) {
                    challenge.trigger();
                }
                return challenge;
            });
        }
    }

    @Override
    public AuthorityFailed failure() throws AuthorityFailed {
        return Acme4jFailures.translate(() -> {
            for (Authorization authorization : order.getAuthorizations()) {
                for (Challenge challenge : authorization.getChallenges()) {
                    Optional<Problem> problem = challenge.getError();
                    if (problem.isPresent()) {
                        return new AuthorityFailed(
                                Kind.PROOF_REFUSED,
                                authorization.getIdentifier().getDomain() + ": " + Acme4jFailures.words(problem.get()));
                    }
                }
            }
            return new AuthorityFailed(
                    Kind.REFUSED,
                    order.getError()
                            .map(Acme4jFailures::words)
                            .orElse("The authority has ended the order without saying why."));
        });
    }

    @Override
    public void finish(KeyPair keys) throws AuthorityFailed {
        Acme4jFailures.translate(() -> {
            CSRBuilder request = new CSRBuilder();
            request.addIdentifiers(order.getIdentifiers());
            request.sign(keys);
            order.execute(request.getEncoded());
            return order;
        });
    }

    @Override
    public List<X509Certificate> certificate() throws AuthorityFailed {
        return Acme4jFailures.translate(
                () -> requireNonNull(order.getCertificate()).getCertificateChain());
    }
}
