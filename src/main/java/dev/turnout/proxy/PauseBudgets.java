package dev.turnout.proxy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The {@link PauseBudget} of each service. Any thread. */
final class PauseBudgets {

    private final PauseLimits limits;
    private final Map<String, PauseBudget> byService = new ConcurrentHashMap<>();

    PauseBudgets(PauseLimits limits) {
        this.limits = limits;
    }

    PauseBudget of(String service) {
        return byService.computeIfAbsent(service, name -> new PauseBudget(limits));
    }
}
