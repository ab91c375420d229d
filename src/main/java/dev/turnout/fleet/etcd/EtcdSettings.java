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

    /**
     * How long an endpoint has for an answer: a node that is cut off from its leader says nothing for 7 s, and the next one is
     * to be asked long before a member is in doubt.
     */
    public static final Duration ANSWER = Duration.ofSeconds(1);

    /**
     * How many times as long an endpoint has while this process has had no answer at all. The first call makes the client, its
     * threads and the session of TLS, and a Java virtual machine has compiled nothing of that; nobody waits for a vote then.
     */
    private static final int COLD = 5;

    public EtcdSettings {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("etcd has no endpoint");
        }
    }

    /** Returns how long an endpoint has for an answer while there was none. */
    Duration firstAnswer() {
        return answer.multipliedBy(COLD);
    }

    /**
     * A user of etcd.
     *
     * @param password asked for each time that etcd wants a token, so a new password needs no restart
     */
    public record Login(String user, Supplier<String> password) {}
}
