package dev.turnout.health;

import dev.turnout.config.Hosts;
import dev.turnout.routing.Target;
import dev.turnout.routing.TcpAddress;
import dev.turnout.routing.UnixAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetAddress;

/** Where probes and the requests of a warm-up are sent to. */
final class ProbeAddress {

    private ProbeAddress() {}

    /**
     * Looks a target's name up for a probe; an address needs no look-up. The client itself would look a name up on the
     * event loop, and block the event loop.
     *
     * @return fails if there is no such host, or Unix sockets can't be reached
     */
    static Future<SocketAddress> of(Vertx vertx, Target target, ProbePlan plan) {
        if (target.address() instanceof TcpAddress tcp) {
            return lookUp(vertx, tcp)
                    .map(address -> SocketAddress.inetSocketAddress(plan.portOf(target), address.getHostAddress()));
        }
        return vertx.isNativeTransportEnabled()
                ? Future.succeededFuture(ofRequests(target))
                : Future.failedFuture(new ConnectException("a Unix socket takes the native transport"));
    }

    /** Returns where requests go; a name is not looked up. */
    static SocketAddress ofRequests(Target target) {
        return target.address() instanceof UnixAddress unix
                ? SocketAddress.domainSocketAddress(unix.path())
                : SocketAddress.inetSocketAddress(
                        target.tcp().port(), target.tcp().host());
    }

    /** Has the virtual machine look a name up and keep the address for a while. Completes at once for a Unix socket. */
    static Future<?> known(Vertx vertx, Target target) {
        return target.address() instanceof TcpAddress tcp ? lookUp(vertx, tcp) : Future.succeededFuture();
    }

    private static Future<InetAddress> lookUp(Vertx vertx, TcpAddress tcp) {
        return Hosts.address(tcp.host())
                .map(Future::succeededFuture)
                .orElseGet(() -> vertx.executeBlocking(() -> InetAddress.getByName(tcp.host()), false));
    }
}
