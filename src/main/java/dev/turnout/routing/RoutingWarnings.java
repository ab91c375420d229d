package dev.turnout.routing;

import java.util.List;
import java.util.Optional;

/** What an operator should know about how requests are routed now. Any thread. No method blocks. */
public interface RoutingWarnings {

    /**
     * Returns why the traffic may not go where the last published state says, and what to do: for example, somebody
     * else has changed what the plane routes by. Returns empty if no such reason is known.
     *
     * <p>While there is a drift, a change is made only if it is forced. The active slot may not be the slot that serves.
     */
    Optional<String> drift();

    /**
     * Returns what an operator should know about how a service is routed now. It is shown in the status, and in the
     * receipt of the change that was published last.
     */
    List<Warning> warnings(String service);
}
