package dev.turnout.proxy.route;

import dev.turnout.routing.ServiceTotals;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The {@link ServiceCounters} of each service. Any thread. */
public final class RequestCounters {

    private final int loops;
    private final Map<String, ServiceCounters> byService = new ConcurrentHashMap<>();

    /** @param loops how many event loops there are */
    public RequestCounters(int loops) {
        this.loops = loops;
    }

    /** Returns the counters of a service. */
    public ServiceCounters of(String service) {
        ServiceCounters known = byService.get(service);
        return known == null ? byService.computeIfAbsent(service, first -> new ServiceCounters(loops)) : known;
    }

    /** Forgets all services but these: the others are not configured any more. What belongs to no service stays. */
    public void keep(Set<String> services) {
        byService.keySet().removeIf(known -> !known.isEmpty() && !services.contains(known));
    }

    /** Returns what has been counted of a service so far. */
    public ServiceTotals totals(String service) {
        ServiceCounters known = byService.get(service);
        return known == null ? ServiceTotals.NONE : known.totals();
    }
}
