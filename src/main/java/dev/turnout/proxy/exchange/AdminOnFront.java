package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.route.TargetSettings;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;

/**
 * The admin server, reached through the front port ({@code turnout.admin.on-front}): requests for {@value #PATH} and
 * below go to it, with a line that a client cannot forge.
 *
 * @param upstream the admin server
 * @param line the field line that marks such a request, with its CRLF
 * @param most how many such requests may be in flight; they have a limit of their own, so that an operator gets in
 *     although as many requests as {@code turnout.limits.requests} are in flight
 */
public record AdminOnFront(TargetState upstream, byte[] line, int most) {

    static final String PATH = "/admin";

    /** No service can have this name: when the admin server is gone, no service's target stands in for it. */
    private static final String NO_SERVICE = "";

    /**
     * @param address where the admin server listens
     * @param secret known to the admin server and nobody else
     * @param settings of the connections to it
     */
    public static AdminOnFront of(Target address, String secret, int most, int loops, TargetSettings settings) {
        return new AdminOnFront(
                new TargetState(NO_SERVICE, Slot.BLUE, address, loops, settings),
                ("X-Turnout-Front: " + secret + "\r\n").getBytes(ISO_8859_1),
                most);
    }

    /** Returns true if one more request has no place. Event loops that ask at the same time may each add one. */
    boolean isFull() {
        return upstream.inFlight() >= most;
    }
}
