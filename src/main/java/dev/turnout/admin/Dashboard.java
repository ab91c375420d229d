package dev.turnout.admin;

import io.quarkus.vertx.web.Route;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The page for people: one file that loads nothing from elsewhere. The page holds no secret, since it asks other calls for
 * all that it shows.
 *
 * <p>A browser cannot send a configured token with the first request. The page is then the body of the 401, and asks for
 * the token. Its policy (CSP 3) lets only its own script and style run, by their hashes.
 */
@Singleton
final class Dashboard {

    private static final String FILE = "/dashboard.html";

    private final String page;
    private final String policy;

    Dashboard() {
        this.page = read();
        this.policy = "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'; script-src " + hash("script") + "; style-src " + hash("style");
    }

    @Route(path = "/admin", methods = Route.HttpMethod.GET)
    void dashboard(RoutingContext call) {
        Query.of(call);
        send(call.response(), 200);
    }

    /** Returns true if a call without a token should get the page that asks for the token. */
    static boolean isAsked(HttpServerRequest request, String path) {
        String accept = request.getHeader("Accept");
        boolean isPage = path.equals("/admin") || path.equals("/admin/");
        return isPage && "GET".equals(request.method().name()) && accept != null && accept.contains("text/html");
    }

    void send(HttpServerResponse response, int status) {
        Answers.response(response, status, "text/html;charset=UTF-8")
                .putHeader("Content-Security-Policy", policy)
                .putHeader("Referrer-Policy", "no-referrer")
                .end(page);
    }

    private static String read() {
        try (InputStream file = Dashboard.class.getResourceAsStream(FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String hash(String element) {
        int from = page.indexOf("<" + element + ">") + element.length() + 2;
        byte[] content =
                page.substring(from, page.indexOf("</" + element + ">")).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
