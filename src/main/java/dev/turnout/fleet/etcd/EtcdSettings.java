package dev.turnout.fleet.etcd;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * Where etcd is and how it is spoken to.
 *
 * @param endpoints the client URLs of its nodes, one at least; asked in turn
 * @param tls whom https endpoints are believed by, and who this client is; empty for what Java trusts
 * @param login the user, if etcd asks for one
 * @param answer how long one endpoint has for an answer
 */
public record EtcdSettings(List<URI> endpoints, Optional<SSLContext> tls, Optional<Login> login, Duration answer) {

    /** How long an endpoint has for an answer. */
    public static final Duration ANSWER = Duration.ofSeconds(1);

    public EtcdSettings {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("etcd has no endpoint");
        }
    }

    /**
     * A user of etcd.
     *
     * @param password asked for each time that etcd wants a token, so a new password needs no restart
     */
    public record Login(String user, Supplier<String> password) {}
}
