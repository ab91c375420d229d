package dev.turnout;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.NextSettings;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficCapabilities;
import dev.turnout.tls.HttpChallenges;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The carrier of the traffic, from its start to its stop. Any thread, one method after another. */
interface Front {

    /** Returns what the other packages can do with the traffic. */
    TrafficCapabilities traffic();

    /**
     * Takes over what carries traffic already. Called before anything is started or saved. Blocks.
     *
     * @param recorded the state as it was saved; empty if there is none
     * @param configured that state with the targets that are configured now, or the state of a first start
     * @return the state to go on from
     * @throws StartRefused if Turnout can't go on from what is found
     */
    RoutingState takeOver(Optional<RoutingState> recorded, RoutingState configured);

    /**
     * Begins to carry traffic. Blocks until the front carries traffic.
     *
     * @throws StartRefused if the front can't carry traffic
     */
    void start(RoutingState state);

    /**
     * Makes ready what settings need and what may fail: every file that they name is read. Nothing changes yet. Blocks.
     *
     * @throws IllegalStateException if the settings can't be put in force; the message says why
     */
    NextSettings prepare(TurnoutConfig next);

    /** Writes to the journal what {@link #takeOver} has found. Called once this process serves. Blocks. */
    void journalTakeOver();

    /** Returns where clients connect to, as the ready message says it. */
    String address();

    /** Returns the kind of channels that carry the requests, such as {@code epoll}; empty if another program does. */
    Optional<String> transport();

    /** Returns the event loops that carry the requests; none if another program does. */
    List<EventLoopGroup> carriers();

    /** Returns true if clients can connect. */
    boolean isServing();

    /**
     * Serves {@code /admin} on the front port too.
     *
     * @param admin where the admin server is reached from here
     * @param secret tells the admin server that a request came through the front
     * @param most how many such requests may be in flight
     */
    void serveAdminOnFront(Target admin, String secret, int most);

    /** Returns the metrics of the front. The metrics of targets are not among them. */
    MeterBinder metrics();

    /** Takes the answer for load balancers that ask the front port whether every service has a target that is up. */
    void answerReady(boolean isReady);

    /** Returns what answers challenges of certificate authorities; empty if this front answers none. */
    Optional<HttpChallenges> httpChallenges();

    /**
     * Returns how many requests have failed since the last call, by service and then by cause. Those that were refused
     * before their service was known have an empty service.
     */
    CompletionStage<Map<String, Map<String, Long>>> takeFailures();

    /** Sends new connections to the predecessor, which goes on: this process ends before it has the place. */
    void withdraw();

    /**
     * Takes no new requests and lets the requests in flight end.
     *
     * @return completes when nothing is in flight any more, after the timeout at the latest
     */
    CompletionStage<Void> stop(Duration timeout);
}
