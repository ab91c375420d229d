package dev.turnout.config;

import io.quarkus.runtime.configuration.MemorySize;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The check of rules: each has to do something, and what it does has to fit together. */
final class RuleCheck {

    private static final int MOST = 100;
    private static final int LEAST_RATE_BYTES = 1 << 12;

    private static final List<Key<?>> ACTIONS = List.of(
            RuleConfig.ALLOW,
            RuleConfig.DENY,
            RuleConfig.RATE,
            RuleConfig.AUTH_FILE,
            RuleConfig.BODY,
            RuleConfig.REDIRECT,
            RuleConfig.REWRITE,
            RuleConfig.REQUEST_SET,
            RuleConfig.REQUEST_ADD,
            RuleConfig.REQUEST_REMOVE,
            RuleConfig.RESPONSE_SET,
            RuleConfig.RESPONSE_ADD,
            RuleConfig.RESPONSE_REMOVE,
            RuleConfig.FOLDER,
            RuleConfig.ANSWER);

    private final ParsedValues values;
    private final List<ServiceKeys> services;
    private final List<RuleKeys> rules;

    /** @param rules those at the top and those of services */
    RuleCheck(ParsedValues values, List<ServiceKeys> services, List<RuleKeys> rules) {
        this.values = values;
        this.services = services;
        this.rules = rules;
    }

    void run() {
        rules.stream()
                .filter(rule -> rule.all().stream().anyMatch(values::isGiven))
                .forEach(this::check);
        for (String owner : rules.stream().map(RuleKeys::owner).distinct().toList()) {
            List<RuleKeys> own =
                    rules.stream().filter(rule -> rule.owner().equals(owner)).toList();
            if (own.size() > MOST) {
                values.error(first(own.get(MOST)), "it is rule " + (MOST + 1) + "; allowed are " + MOST);
            }
        }
        rates();
    }

    /** Rejects more rules with a rate than there is memory for. */
    private void rates() {
        long rates = services.stream()
                .mapToLong(service -> rules.stream()
                        .filter(rule ->
                                rule.owner().equals(Key.TOP) || rule.owner().equals(service.prefix()))
                        .collect(Collectors.groupingBy(RuleKeys::rule))
                        .values()
                        .stream()
                        .filter(same -> same.stream().anyMatch(rule -> values.isGiven(rule.own(RuleConfig.RATE))))
                        .count())
                .sum();
        long bytes =
                values.find(LimitsConfig.RATES).map(MemorySize::asLongValue).orElse(Long.MAX_VALUE);
        if (bytes / LEAST_RATE_BYTES < rates) {
            values.error(
                    LimitsConfig.RATES,
                    "the services have " + rates + " rules with a rate, and each needs " + LEAST_RATE_BYTES / 1024
                            + "K; allowed is " + rates * LEAST_RATE_BYTES / 1024 + "K at least");
        }
    }

    private void check(RuleKeys rule) {
        Key<?> first = first(rule);
        if (values.isNginx()) {
            values.error(first, "nginx answers the clients; allowed with turnout.mode=nginx are no rules");
        } else if (ACTIONS.stream().noneMatch(key -> values.isGiven(rule.own(key)))) {
            values.error(
                    first,
                    "the rule '" + rule.rule() + "' does nothing; allowed are rules with "
                            + String.join(", ", ACTIONS.stream().map(Key::path).toList()));
        }
        if (values.isGiven(rule.own(RuleConfig.REDIRECT)) && values.isGiven(rule.own(RuleConfig.ANSWER))) {
            values.error(rule.own(RuleConfig.ANSWER), "the rule redirects already; allowed is one of both");
        }
        needs(rule, RuleConfig.REDIRECT_STATUS, RuleConfig.REDIRECT);
        needs(rule, RuleConfig.ANSWER_STATUS, RuleConfig.ANSWER);
        needs(rule, RuleConfig.RATE_BURST, RuleConfig.RATE);
        for (Key<?> other : List.of(RuleConfig.REDIRECT, RuleConfig.ANSWER)) {
            if (values.isGiven(rule.own(RuleConfig.FOLDER)) && values.isGiven(rule.own(other))) {
                values.error(rule.own(other), "the rule answers with files already; allowed is one of both");
            }
        }
        needs(rule, RuleConfig.FOLDER_INDEX, RuleConfig.FOLDER);
        needs(rule, RuleConfig.FOLDER_MISSING, RuleConfig.FOLDER);
        needs(rule, RuleConfig.AUTH_REALM, RuleConfig.AUTH_FILE);
        needs(rule, RuleConfig.AUTH_PASS, RuleConfig.AUTH_FILE);
        rewrite(rule);
    }

    private void needs(RuleKeys rule, Key<?> key, Key<?> needed) {
        if (values.isGiven(rule.own(key)) && !values.isGiven(rule.own(needed))) {
            values.error(
                    rule.own(key),
                    "it has no meaning alone; allowed with " + rule.own(needed).name());
        }
    }

    private void rewrite(RuleKeys rule) {
        Key<String> key = rule.own(RuleConfig.REWRITE);
        List<String> paths = values.find(rule.own(RuleConfig.PATH)).orElse(List.of());
        if (values.find(key).isPresent() && (paths.size() != 1 || paths.get(0).contains("*"))) {
            values.error(
                    key,
                    "what it replaces has to be known; allowed with one "
                            + rule.own(RuleConfig.PATH).name() + " without '*'");
        }
    }

    /** Returns the first key of a rule that is given, to name the rule by. */
    private Key<?> first(RuleKeys rule) {
        Optional<Key<?>> given = rule.all().stream().filter(values::isGiven).findFirst();
        return given.orElseGet(() -> rule.own(RuleConfig.PATH));
    }
}
