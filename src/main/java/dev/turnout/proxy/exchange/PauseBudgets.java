package dev.turnout.proxy.exchange;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The {@link PauseBudget} of each service. Any thread. */
public final class PauseBudgets {

    private final Map<String, PauseBudget> byService = new ConcurrentHashMap<>();

    public PauseBudget of(String service) {
        return byService.computeIfAbsent(service, name -> new PauseBudget());
    }
}
