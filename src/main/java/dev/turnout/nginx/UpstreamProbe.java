package dev.turnout.nginx;

import dev.turnout.routing.Target;
import dev.turnout.routing.TcpAddress;
import dev.turnout.routing.VisibleText;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The probe that asks nginx which target answers. The site has a location that passes to the target, and adds {@value
 * #HEADER} with nginx's own {@code $upstream_addr}: the address that nginx has really connected to.
 */
final class UpstreamProbe {

    static final String HEADER = "X-Turnout-Upstream";

    /** nginx lists every target that was tried for the request; the target that answered is the last. */
    private static final Pattern BETWEEN_TRIES = Pattern.compile(", | : ");

    private final URI url;
    private final Duration timeout;

    UpstreamProbe(URI url, Duration timeout) {
        this.url = url;
        this.timeout = timeout;
    }

    /** The response of nginx to one GET over a connection of its own. */
    sealed interface Answer {

        /** A target has answered. */
        record From(String address, int status) implements Answer {
            /** Returns true if the target is one of some targets, compared as addresses. */
            boolean isOneOf(Collection<Target> targets) {
                Target answered = Target.parse(address);
                return targets.stream().anyMatch(target -> same(target, answered));
            }
        }

        /** No target has answered, or the target is unknown, for this reason. */
        record Nobody(String reason) implements Answer {
            public Nobody {
                reason = VisibleText.of(reason, VisibleText.LONG);
            }
        }
    }

    URI url() {
        return url;
    }

    /** Sends the probe. Blocks for at most twice the time limit. */
    Answer ask() {
        try {
            HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout((int) timeout.toMillis());
            connection.setReadTimeout((int) timeout.toMillis());
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setRequestProperty("Connection", "close");
            try {
                return answer(connection.getResponseCode(), connection.getHeaderField(HEADER));
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return new Answer.Nobody("no answer from " + url + ": " + e.getMessage());
        }
    }

    /** Returns the answer. nginx sends 502 and 504 itself, for a target that was tried and not reached. */
    private Answer answer(int status, String header) {
        if (header == null || header.isBlank()) {
            return new Answer.Nobody("the answer of " + url + " (status " + status + ") has no " + HEADER
                    + ": its location needs 'add_header " + HEADER + " $upstream_addr always;'");
        }
        String[] tried = BETWEEN_TRIES.split(header.strip());
        String last = tried[tried.length - 1];
        if (!isTarget(last)) {
            return new Answer.Nobody(
                    "the answer of " + url + " (status " + status + ") comes from '" + last + "', not from a target");
        }
        if (status == HttpURLConnection.HTTP_BAD_GATEWAY || status == HttpURLConnection.HTTP_GATEWAY_TIMEOUT) {
            return new Answer.Nobody("nginx passes to " + last + " and gets status " + status + " there");
        }
        return new Answer.From(last, status);
    }

    private static boolean isTarget(String text) {
        try {
            Target.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean same(Target configured, Target answered) {
        if (!(configured.address() instanceof TcpAddress one && answered.address() instanceof TcpAddress two)) {
            return configured.equals(answered);
        }
        if (one.port() != two.port()) {
            return false;
        }
        return addresses(one.host())
                .map(known ->
                        addresses(two.host()).stream().flatMap(Arrays::stream).anyMatch(Arrays.asList(known)::contains))
                .orElseGet(() -> one.host().equals(two.host()));
    }

    private static Optional<InetAddress[]> addresses(String host) {
        try {
            return Optional.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
