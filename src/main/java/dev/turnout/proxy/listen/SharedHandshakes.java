package dev.turnout.proxy.listen;

import dev.turnout.tls.HandshakeChoices;
import dev.turnout.tls.HandshakeTasks;

/**
 * What the TLS handshakes of all event loops share. Any thread.
 *
 * @param choices what a handshake is answered with
 * @param tasks does the expensive steps of an engine that would keep the event loop from all other clients
 * @param counters counts the handshakes
 */
public record SharedHandshakes(HandshakeChoices choices, HandshakeTasks tasks, HandshakeCounters counters) {

    /** Returns what a data plane begins with. */
    public static SharedHandshakes of(HandshakeChoices choices) {
        return new SharedHandshakes(choices, new HandshakeTasks(), new HandshakeCounters());
    }
}
