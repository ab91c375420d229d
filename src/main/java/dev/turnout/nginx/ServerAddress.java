package dev.turnout.nginx;

import dev.turnout.routing.HostPort;
import dev.turnout.routing.Target;

/** The reader of addresses in nginx's directives. The address is like a target's; without a port the port is 80. */
final class ServerAddress {

    private static final int DEFAULT_PORT = 80;

    private ServerAddress() {}

    /** @throws IncludeRefused if Turnout cannot reach such an address as a target */
    static Target read(String address) {
        if (address.indexOf('$') >= 0) {
            throw new IncludeRefused("'" + address + "' has a variable in it; a target of Turnout is host:port");
        }
        try {
            if (address.startsWith("unix:")) {
                return Target.parse(address);
            }
            HostPort server = HostPort.parse(address, DEFAULT_PORT);
            return new Target(server.host(), server.port());
        } catch (IllegalArgumentException e) {
            throw new IncludeRefused(String.valueOf(e.getMessage()), e);
        }
    }
}
