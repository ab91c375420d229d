package dev.turnout.admin;

import dev.turnout.routing.HostPort;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that the admin address is known by: {@code localhost}, the loopback addresses, the configured host, the
 * configured names, and the address that a call has come in on.
 */
public final class AdminNames {

    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:\\[\\]]+)(:[0-9]*)?");

    private final Set<String> names = new TreeSet<>(List.of("localhost", "127.0.0.1", "::1"));

    /** @param configured host names or addresses, without ports */
    public AdminNames(Collection<String> configured) {
        configured.forEach(name -> names.add(plain(name)));
    }
    /** Returns true if a call's only Host is a known name. */
    boolean isKnown(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll("Host");
        if (hosts.size() != 1) {
            return false;
        }
        String name = plain(withoutPort(hosts.get(0)));
        SocketAddress local = request.localAddress();
        return names.contains(name)
                || local != null
                        && local.hostAddress() != null
                        && plain(local.hostAddress()).equals(name);
    }

    /** Returns a host without its port; empty, which is no known name, if the text is not a host. */
    private static String withoutPort(String host) {
        Matcher matcher = HOST.matcher(host.strip());
        return matcher.matches() ? matcher.group(1) : "";
    }

    /** Returns a name in lower case, without the brackets and the scope of an IPv6 address. */
    private static String plain(String name) {
        String lower = name.strip().toLowerCase(Locale.ROOT);
        String bare = HostPort.withoutBrackets(lower);
        int scope = bare.indexOf('%');
        return scope < 0 ? bare : bare.substring(0, scope);
    }
}
