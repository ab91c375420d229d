package dev.turnout.acme;

import dev.turnout.routing.HostPort;
import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsClientOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** A name server that is asked for TXT records. */
final class NameServer implements TxtRecords {

    private static final Logger LOG = Logger.getLogger(NameServer.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final DnsClient client;

    /** @param address of the name server; empty for the system's */
    NameServer(Vertx vertx, Optional<HostPort> address) {
        DnsClientOptions options = new DnsClientOptions().setQueryTimeout(TIMEOUT.toMillis());
        address.ifPresent(given -> options.setHost(given.host()).setPort(given.port()));
        client = vertx.createDnsClient(options);
    }

    @Override
    public List<String> of(String name) throws InterruptedException {
        try {
            return client.resolveTXT(name)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(TIMEOUT.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debugf("No TXT record %s: %s", name, e);
            return List.of();
        }
    }
}
