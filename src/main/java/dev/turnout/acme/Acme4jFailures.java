package dev.turnout.acme;

import dev.turnout.acme.AuthorityFailed.Kind;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeNotSupportedException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** The translation of acme4j's exceptions into Turnout's. */
final class Acme4jFailures {

    private static final String PREFIX = "urn:ietf:params:acme:error:";

    private Acme4jFailures() {}

    /** A call of acme4j. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws AcmeException, AuthorityFailed, IOException;
    }

    static <T> T translate(Call<T> call) throws AuthorityFailed {
        try {
            return call.run();
        } catch (AcmeLazyLoadingException e) {
            throw of(e.getCause() == null ? e : e.getCause());
        } catch (AcmeException | AcmeProtocolException | IOException e) {
            throw of(e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new AuthorityFailed(Kind.REFUSED, "The answer of the authority can't be used: " + e, e);
        }
    }

    private static AuthorityFailed of(Throwable cause) {
        if (cause instanceof AcmeRateLimitedException limit) {
            return AuthorityFailed.atLimit(words(limit.getProblem()), limit.getRetryAfter());
        }
        if (cause instanceof AcmeServerException refusal) {
            return new AuthorityFailed(kind(refusal.getType()), words(refusal.getProblem()), refusal);
        }
        if (cause instanceof AcmeNetworkException || cause instanceof IOException) {
            Throwable reason =
                    cause instanceof AcmeNetworkException && cause.getCause() != null ? cause.getCause() : cause;
            return new AuthorityFailed(Kind.UNREACHABLE, "The authority does not answer: " + reason, cause);
        }
        Kind kind = cause instanceof AcmeNotSupportedException ? Kind.REFUSED : Kind.UNREACHABLE;
        return new AuthorityFailed(kind, "The authority answered: " + cause.getMessage(), cause);
    }

    private static Kind kind(URI type) {
        return switch (type.toString()) {
            case PREFIX + "alreadyReplaced" -> Kind.ALREADY_REPLACED;
            case PREFIX + "malformed" -> Kind.REFUSED;
            case PREFIX + "serverInternal", PREFIX + "badNonce" -> Kind.UNREACHABLE;
            default -> Kind.REFUSED;
        };
    }

    /** Returns the words of the authority, with those about single names. */
    static String words(Problem problem) {
        String own = Stream.of(problem.getTitle(), problem.getDetail())
                .flatMap(Optional::stream)
                .collect(Collectors.joining(": "));
        String parts = problem.getSubProblems().stream()
                .map(part -> part.getIdentifier()
                                .map(name -> name.getDomain() + ": ")
                                .orElse("")
                        + words(part))
                .collect(Collectors.joining("; "));
        String text = own.isEmpty() ? problem.getType().toString() : own;
        return parts.isEmpty() ? text : text + " (" + parts + ")";
    }
}
