package dev.turnout.tls;

import dev.turnout.config.SendProxy;
import org.jspecify.annotations.Nullable;

/**
 * How a target is spoken to.
 *
 * @param header what each connection begins with, before TLS. Such a connection is one client's own.
 * @param tls null for plain connections
 */
public record TargetWay(SendProxy header, @Nullable TargetTls tls) {

    static final TargetWay PLAIN = new TargetWay(SendProxy.OFF, null);

    /** Returns true if a connection tells the target whose it is. */
    public boolean namesClients() {
        return header != SendProxy.OFF;
    }
}
