package dev.turnout.acme;

import dev.turnout.acme.AuthorityFailed.Kind;
import dev.turnout.tls.HttpChallenges;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The answers to HTTP-01 (RFC 8555, section 8.3): the front gives them. */
final class HttpProofs implements Proofs {

    static final int PORT = 80;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_BYTES = 1024;

    private final HttpChallenges front;
    private final int port;

    /** @param port where authorities ask; 80 for every authority on the Internet */
    HttpProofs(HttpChallenges front, int port) {
        this.front = front;
        this.port = port;
    }

    @Override
    public void offer(Proof proof) {
        front.offer(proof.token(), proof.keyAuthorization());
    }

    @Override
    public void withdraw(Proof proof) {
        front.withdraw(proof.token());
    }

    @Override
    public void check(Proof proof) throws AuthorityFailed, InterruptedException {
        String authority = port == PORT ? proof.name() : proof.name() + ":" + port;
        URI address = URI.create("http://" + authority + HttpChallenges.PATH + "/" + proof.token());
        try {
            HttpClient client = HttpClient.newBuilder()
                    .connectTimeout(TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();
            HttpResponse<InputStream> response =
                    client.send(HttpRequest.newBuilder(address).timeout(TIMEOUT).build(), BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                String text = new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
                if (response.statusCode() != 200 || !text.strip().equals(proof.keyAuthorization())) {
                    throw notSeen(address, "another server answers, with status " + response.statusCode());
                }
            }
        } catch (IOException e) {
            throw notSeen(address, "no answer: " + e);
        }
    }

    private static AuthorityFailed notSeen(URI address, String what) {
        return new AuthorityFailed(
                Kind.NOT_READY,
                "Turnout could not see its own answer at " + address + " (" + what + "). The certificate authority was"
                        + " not asked. Let the DNS name point at this machine, and let port 80 through to"
                        + " turnout.listen.port. If this machine cannot reach its own public address, set"
                        + " turnout.acme.self-check=false.");
    }
}
