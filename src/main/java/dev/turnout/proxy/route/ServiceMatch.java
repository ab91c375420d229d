package dev.turnout.proxy.route;

import dev.turnout.config.Balance;
import dev.turnout.config.HostPattern;
import dev.turnout.config.StatusRanges;
import dev.turnout.config.TargetProtocol;
import dev.turnout.proxy.http1.StrictTransport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which requests are for a service, and how they are handed to it. It is the configuration's and outlives all flips.
 *
 * @param service its name
 * @param hosts the hosts that it answers for; none for every host
 * @param path what its paths begin with, up to the end of a segment; {@code /} for every path
 * @param stripsPath whether its targets get the path without that beginning
 * @param redirectsToTls whether a request over plain HTTP is redirected to https
 * @param strictTransport the line that answers over TLS get where its targets have not set one; null for none
 * @param balance which of its targets gets a request
 * @param protocol what its targets speak
 * @param connections the most connections to each of its targets; 0 for no limit
 * @param stickiness how its clients are kept at their targets; null if they are not
 * @param rules its rules; null if it has none
 * @param assets which requests are asked of the other slot if their own answers 404
 * @param intercepted the statuses of its applications in whose place a browser gets the operator's page; null for none
 * @param requests what holds for its requests
 * @param targets what holds for its targets
 */
public record ServiceMatch(
        String service,
        List<HostPattern> hosts,
        String path,
        boolean stripsPath,
        boolean redirectsToTls,
        @Nullable StrictTransport strictTransport,
        Balance balance,
        TargetProtocol protocol,
        int connections,
        @Nullable Stickiness stickiness,
        @Nullable RuleTable rules,
        AssetBridge assets,
        @Nullable StatusRanges intercepted,
        RequestSettings requests,
        TargetSettings targets) {

    static final String EVERY_PATH = "/";

    public ServiceMatch {
        hosts = List.copyOf(hosts);
    }

    boolean takesEverything() {
        return hosts.isEmpty() && path.equals(EVERY_PATH);
    }

    /** Returns the rates of its rules. */
    List<RateLimit> rates() {
        return rules == null ? List.of() : rules.rates();
    }

    /** Returns how many bytes of the path of a request for this service its targets do not get. */
    public int stripped() {
        return stripsPath && !path.equals(EVERY_PATH) ? path.length() : 0;
    }
}
