package dev.turnout.admin;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The bodies of calls. Only a call that hands over a list or a service has one. */
final class CallBody {

    private static final Pattern TAKING = Pattern.compile("/admin/(slots/[^/]+/targets|services/[^/]+)");

    private CallBody() {}

    /** Returns true if a call hands something over in its body. */
    static boolean isTaken(HttpMethod method, String path) {
        return method.equals(HttpMethod.PUT) && TAKING.matcher(path).matches();
    }

    /** Returns the text of a call's body; empty if the call has none. */
    static String of(RoutingContext call) {
        AdminConnection connection = AdminConnection.of(call.request());
        return connection == null ? "" : connection.body().toString(StandardCharsets.UTF_8);
    }
}
