package dev.turnout.admin;

import dev.turnout.text.Language;
import io.quarkus.vertx.web.Route;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The page for people, and its files: nothing comes from elsewhere. They hold no secret, since the page asks other calls for
 * all that it shows.
 *
 * <p>A browser cannot send a configured token with the first request, nor with those for the files. The page is then the
 * body of the 401, and asks for the token. The files need no token. The policy (CSP 3) lets only these files run.
 */
@Singleton
final class Dashboard {

    private static final String FOLDER = "/dashboard/";
    private static final String FILES = "/admin/page/";

    /** The files beside the page. */
    private static final List<String> NAMES = List.of(
            "page.css",
            "icon.svg",
            "main.js",
            "service.js",
            "slot.js",
            "change.js",
            "confirm.js",
            "past.js",
            "spark.js",
            "model.js",
            "calls.js",
            "format.js",
            "dom.js",
            "words.js");

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final String page;
    private final Map<String, byte[]> files = new HashMap<>();

    Dashboard() {
        this.page = new String(PackagedFile.read(FOLDER + "index.html"), StandardCharsets.UTF_8);
        NAMES.forEach(name -> files.put(name, PackagedFile.read(FOLDER + name)));
    }

    @Route(path = "/admin", methods = Route.HttpMethod.GET)
    void dashboard(RoutingContext call) {
        Query.of(call);
        send(call.request(), 200);
    }

    @Route(path = FILES + ":file", methods = Route.HttpMethod.GET)
    void file(RoutingContext call) {
        Query.of(call);
        String name = call.pathParam("file");
        byte[] content = files.get(name);
        if (content == null) {
            Answers.problem(call, Problems.status(404));
        } else {
            secured(Answers.response(call, 200, typeOf(name))).end(Buffer.buffer(content));
        }
    }

    /** Returns true if a path is one of the page's files, which everybody may read. */
    static boolean isFile(String path) {
        return path.startsWith(FILES) && NAMES.contains(path.substring(FILES.length()));
    }

    /** Returns true if a call without a token should get the page that asks for the token. */
    static boolean isAsked(HttpServerRequest request, String path) {
        String accept = request.getHeader("Accept");
        boolean isPage = path.equals("/admin") || path.equals("/admin/");
        return isPage && "GET".equals(request.method().name()) && accept != null && accept.contains("text/html");
    }

    /** Sends the page in the reader's language. With a status of 401 it asks for the token at once. */
    void send(HttpServerRequest request, int status) {
        String language =
                Language.ofAcceptLanguage(request.getHeader("Accept-Language")).of("en", "ko");
        String token = status == 401 ? "needed" : "none";
        secured(Answers.response(request.response(), status, "text/html;charset=UTF-8"))
                .putHeader("Content-Language", language)
                .putHeader("Vary", "Accept-Language")
                .end(page.replace(
                        "lang=\"en\" data-token=\"none\"", "lang=\"" + language + "\" data-token=\"" + token + "\""));
    }

    private static HttpServerResponse secured(HttpServerResponse response) {
        return response.putHeader("Content-Security-Policy", POLICY).putHeader("Referrer-Policy", "no-referrer");
    }

    private static String typeOf(String name) {
        if (name.endsWith(".css")) {
            return "text/css;charset=UTF-8";
        }
        return name.endsWith(".svg") ? "image/svg+xml" : "text/javascript;charset=UTF-8";
    }
}
