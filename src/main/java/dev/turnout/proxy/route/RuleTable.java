package dev.turnout.proxy.route;

import java.util.ArrayList;
import java.util.List;

/** The rules of one service, in their order. Any thread. */
public final class RuleTable {

    private final List<Rule> rules;
    private final boolean readsPath;
    private final boolean readsClient;

    public RuleTable(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        readsPath = rules.stream().anyMatch(rule -> rule.match().readsPath() || rule.folder() != null);
        readsClient = rules.stream().anyMatch(Rule::readsClient);
    }

    public List<Rule> rules() {
        return rules;
    }

    /** Returns the rates that rules have. */
    List<RateLimit> rates() {
        List<RateLimit> rates = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule.rate() != null) {
                rates.add(rule.rate());
            }
        }
        return rates;
    }

    /** Returns true if a rule asks for the path. */
    public boolean readsPath() {
        return readsPath;
    }

    /** Returns true if a rule asks for the client's address. */
    public boolean readsClient() {
        return readsClient;
    }
}
