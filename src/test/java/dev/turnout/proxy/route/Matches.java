package dev.turnout.proxy.route;

import dev.turnout.config.Balance;
import dev.turnout.config.TargetProtocol;
import dev.turnout.proxy.http1.QueryRedaction;
import java.util.List;
import java.util.Optional;

/** Matches of services for tests. */
public final class Matches {

    private static final Patience MINUTE = new Patience(60_000, 60_000, 60_000);

    static final AssetBridge NO_ASSETS = new AssetBridge(List.of(), 0, 0);

    private Matches() {}

    /** Returns what holds for requests: a minute for each party, and 1,000 bytes for a body. */
    public static RequestSettings requests() {
        return new RequestSettings(
                1000,
                MINUTE,
                MINUTE.ofCalls(),
                10_000,
                new PauseLimits(10, 1 << 20, 60_000, 100),
                new Preview(false, Optional.empty()),
                false,
                List.of(),
                QueryRedaction.NONE);
    }

    /** Returns the match of a service that every request is for. */
    public static ServiceMatch ofAll(String service, Balance balance) {
        return ofAll(service, balance, NO_ASSETS, TargetSettings.NONE);
    }

    /** Returns the match of a service that every request is for, with settings of its targets. */
    public static ServiceMatch ofAll(String service, TargetSettings targets) {
        return ofAll(service, Balance.ROUND_ROBIN, NO_ASSETS, targets);
    }

    /** Returns the match of a service that every request is for, with an asset bridge and settings of its targets. */
    public static ServiceMatch ofAll(String service, Balance balance, AssetBridge assets, TargetSettings targets) {
        return new ServiceMatch(
                service,
                List.of(),
                ServiceMatch.EVERY_PATH,
                false,
                false,
                null,
                balance,
                TargetProtocol.HTTP1,
                0,
                null,
                null,
                assets,
                null,
                requests(),
                targets);
    }
}
