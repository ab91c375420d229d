package dev.turnout.fleet;

import dev.turnout.config.CallClient;
import dev.turnout.fleet.etcd.LimitedBody;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.jboss.logging.Logger;

/** The other members, asked on their admin servers what they know. Any thread that may block. */
final class Peers {

    private static final Logger LOG = Logger.getLogger(Peers.class);
    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private final CallClient client;

    /** @param tls whom the members are believed by that speak HTTPS; empty for what Java trusts */
    Peers(Optional<SSLContext> tls) {
        this.client = new CallClient(ANSWER, tls);
    }

    /** Asks nobody any more. */
    void stop() {
        client.release();
    }

    /** Returns what the other members know, as far as they answer within a second: all are asked at once. */
    SortedMap<String, PeerState> ask(OwnRecords.Content own) {
        return ask(own, own.peers());
    }

    /** Returns what some members know, see {@link #ask(OwnRecords.Content)}. */
    SortedMap<String, PeerState> ask(OwnRecords.Content own, Map<String, String> members) {
        Map<String, CompletableFuture<Optional<PeerState>>> asked = new TreeMap<>();
        members.forEach((member, address) -> {
            if (!member.equals(own.member())) {
                asked.put(member, ask(member, address, own));
            }
        });
        SortedMap<String, PeerState> told = new TreeMap<>();
        asked.forEach((member, answer) -> answer.join().ifPresent(state -> told.put(member, state)));
        return told;
    }

    private CompletableFuture<Optional<PeerState>> ask(String member, String address, OwnRecords.Content own) {
        PeerSeal seal = new PeerSeal(own.secret());
        String nonce = UUID.randomUUID().toString();
        try {
            HttpRequest question = HttpRequest.newBuilder(URI.create(address).resolve(FleetMember.STATE_PATH))
                    .header(FleetMember.QUESTION_HEADER, seal.question(nonce))
                    .timeout(ANSWER)
                    .build();
            return client.send(question, head -> new LimitedBody(MOST_BYTES))
                    .thenApply(answer -> Optional.of(read(answer, member, seal, nonce, own.fleet())))
                    .exceptionally(failure -> noAnswer(member, failure));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(noAnswer(member, e));
        }
    }

    private static Optional<PeerState> noAnswer(String member, Throwable failure) {
        LOG.debugf("Member %s has not said what it knows: %s", member, failure);
        return Optional.empty();
    }

    private static PeerState read(
            HttpResponse<byte[]> answer, String member, PeerSeal seal, String nonce, String fleet) {
        if (answer.statusCode() != 200) {
            throw new IllegalArgumentException("status " + answer.statusCode());
        }
        JsonObject json = FleetJson.object(new String(answer.body(), StandardCharsets.UTF_8));
        Object sealed = json.remove("seal");
        if (!(sealed instanceof String text) || !seal.isAnswer(nonce, json, text)) {
            throw new IllegalArgumentException("no member of the fleet has answered");
        }
        return PeerState.read(json, fleet, member);
    }
}
