package dev.turnout.proxy.exchange;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The {@link PauseBudget} of each service. Any thread. */
public final class PauseBudgets {

    private final PauseLimits limits;
    private final Map<String, PauseBudget> byService = new ConcurrentHashMap<>();

    public PauseBudgets(PauseLimits limits) {
        this.limits = limits;
    }

    public PauseBudget of(String service) {
        return byService.computeIfAbsent(service, name -> new PauseBudget(limits));
    }
}
