package dev.turnout.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A failure that other proxies had in production, and that the test keeps from this one.
 *
 * <p>On a class it counts for each of its tests. {@code -Dgroups=guard} runs these tests only.
 *
 * <ul>
 *   <li>F1: a request picks the old target just before the flip, is not counted, and is cut by the end of the old process
 *   <li>F2: the drain holds the routing lock, and all requests stall
 *   <li>F3: the application closes an idle connection just as the proxy reuses it
 *   <li>F4: a retry sends a POST twice
 *   <li>F5: a reload kills the WebSockets of unrelated routes
 *   <li>F6: all WebSockets are cut at once, and their clients reconnect at once
 *   <li>F7: a keep-alive connection is closed while the client's next request is on the wire
 *   <li>F8: health changes on one bad probe
 *   <li>F9: after a reboot the state is lost, or names a dead slot and is trusted
 *   <li>F10: a failed deployment leaves a bad file or a bad state behind
 *   <li>F11: a long request is cut at the deadline without a trace
 *   <li>F12: server-sent events are buffered, or hold each drain until its deadline
 *   <li>F13: the new version is healthy but cold
 *   <li>F14: the end of a listener drops the connections in its accept queue
 *   <li>F15: a target is up before any probe has answered
 *   <li>F16: a new version is judged by three requests
 *   <li>F17: the idle port is inferred wrongly while the application is down
 *   <li>F18: paused requests are all let go at once
 *   <li>F19: the old process is killed before its requests have ended
 *   <li>F20: assets of the other version give 404 while pages of both versions are open
 *   <li>F21: an include file is written in place, and nginx reads half a line
 *   <li>F22: nginx drops a reload silently, and the reload is taken for a switch
 *   <li>F23: the wait for a new version that fails to start never ends
 *   <li>F24: a port is taken for another port that contains its digits, or for a client's
 * </ul>
 *
 * <p>Those of TLS, by the same numbers as in the facts that were collected on other products:
 *
 * <ul>
 *   <li>T1: a restart orders the same certificate again, until the authority refuses
 *   <li>T2: a renewal fails unseen until the certificate has expired
 *   <li>T3: a renewal is refused each time, since it names a certificate that was replaced already
 *   <li>T4: a certificate of a few days is renewed by a rule for months
 *   <li>T5: the lock of a dead process stops all renewals
 *   <li>T6: several processes order at the same time
 *   <li>T7: the rights of a key's file are too wide, or too narrow for the user of the service
 *   <li>T8: a redirect to HTTPS loops behind another terminator
 *   <li>T10: a challenge is redirected, or taken from the application
 *   <li>T11: a wildcard is accepted without the challenge that it needs
 *   <li>T12: unknown names make orders
 *   <li>T13: a reload of certificates drops connections, or waits for them
 *   <li>T14: the default certificate is not renewed with its entry
 *   <li>T15: files that are replaced by a link's swap are not noticed
 *   <li>T16: certificate and key are seen half replaced
 *   <li>T17: the clock is wrong at boot, and the server refuses to start
 *   <li>T18: the key of session tickets is never rotated
 *   <li>T19: a session is resumed on a host that asks for another client certificate
 *   <li>T20: a connection for one host reaches another host that asks for a client certificate
 *   <li>T21: an old client that offers another application protocol is refused
 *   <li>T22: one request with a large head ends the connection with all its streams
 *   <li>T23: requests that are reset at once are worked on at the target, uncounted
 *   <li>T24: the protection from floods hits honest clients
 *   <li>T25: a head that never ends takes memory or time
 *   <li>T26: a request of HTTP/2 becomes two of HTTP/1
 *   <li>T27: the trailers of gRPC are lost, or its answers without a body are spoilt
 *   <li>T28: calls of gRPC are lost while the server stops
 * </ul>
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("guard")
public @interface Guards {

    /** The failure's number, such as F4. */
    String[] value();
}
