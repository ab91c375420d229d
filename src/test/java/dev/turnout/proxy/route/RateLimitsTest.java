package dev.turnout.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Balance;
import dev.turnout.config.TargetProtocol;
import dev.turnout.proxy.http1.RuleMatch;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The buckets of all rates together take bounded memory")
final class RateLimitsTest {

    private static final long MIB = 1 << 20;
    private static final long START = 0;

    private final RateLimits rates = new RateLimits();

    private RateLimit rate(String rule) {
        return rates.of(new RateLimit.Id("shop", rule, 10, Duration.ofSeconds(1), 1));
    }

    private static InetAddress client(int number) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static ServiceMatch service(RateLimit... limits) {
        List<Rule> rules = IntStream.range(0, limits.length)
                .mapToObj(i -> new Rule(
                        "r" + i,
                        new RuleMatch(List.of(), List.of(), List.of(), null, "*"),
                        List.of(),
                        List.of(),
                        List.of(),
                        limits[i],
                        null,
                        0,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        0))
                .toList();
        return new ServiceMatch(
                "shop",
                List.of(),
                "/",
                false,
                false,
                null,
                Balance.ROUND_ROBIN,
                TargetProtocol.HTTP1,
                0,
                null,
                new RuleTable(rules),
                Matches.NO_ASSETS,
                null,
                Matches.requests(),
                TargetSettings.NONE);
    }

    private static void flood(RateLimit limit) {
        IntStream.range(0, 100_000).forEach(i -> limit.take(client(i), START));
    }

    @Test
    void all_rules_together_stay_within_the_memory_that_is_configured() {
        RateLimit[] limits = IntStream.range(0, 10).mapToObj(i -> rate("r" + i)).toArray(RateLimit[]::new);
        rates.apply(List.of(service(limits)), 4 * MIB);

        for (RateLimit limit : limits) {
            flood(limit);
        }

        assertThat(rates.usedBytes()).isBetween(2 * MIB, 4 * MIB);
    }

    @Test
    void a_flood_of_one_rule_forgets_no_client_of_another() {
        RateLimit login = rate("login");
        RateLimit search = rate("search");
        rates.apply(List.of(service(login, search)), MIB);
        assertThat(login.take(client(7), START)).isZero();

        flood(search);

        assertThat(login.take(client(7), START)).isPositive();
    }

    @Test
    void buckets_are_kept_where_the_rate_is_the_same() {
        RateLimit login = rate("login");
        rates.apply(List.of(service(login)), MIB);

        assertThat(rate("login")).isSameAs(login);
        assertThat(rates.of(new RateLimit.Id("shop", "login", 11, Duration.ofSeconds(1), 1)))
                .isNotSameAs(login);
        assertThat(rates.of(new RateLimit.Id("other", "login", 10, Duration.ofSeconds(1), 1)))
                .isNotSameAs(login);

        rates.apply(List.of(service(rate("search"))), MIB);
        assertThat(rate("login")).as("a rule that was away").isNotSameAs(login);
    }
}
