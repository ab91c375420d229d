package dev.turnout.proxy;

import dev.turnout.proxy.loop.HeadBudget;
import dev.turnout.proxy.loop.Isolated;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.ScanScratch;
import dev.turnout.proxy.route.RoutingTable;
import dev.turnout.proxy.route.SlotAffinity;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** What the exchanges of one event loop share. Event loop only. */
final class ExchangeContext {

    private final LoopContext loop;
    private final ScanScratch scratch;
    private final ExchangeSettings settings;
    private final RoutingTable routing;
    private final TargetPool pool;
    private final HeadBudget<?> heads;
    private final Exchanges exchanges;
    private final PauseBudgets pauseBudgets;
    private final AccessLines accessLines;
    private final Map<String, PausedRequests> pausedRequests = new HashMap<>();
    private final SlotAffinity affinity =
            new SlotAffinity(() -> ThreadLocalRandom.current().nextLong());

    /** @param accessLines where the lines of the access log go; null if there is no access log */
    ExchangeContext(
            LoopContext loop,
            ScanScratch scratch,
            ExchangeSettings settings,
            RoutingTable routing,
            TargetPool pool,
            HeadBudget<?> heads,
            Exchanges exchanges,
            PauseBudgets pauseBudgets,
            AccessLines accessLines) {
        this.loop = loop;
        this.scratch = scratch;
        this.settings = settings;
        this.routing = routing;
        this.pool = pool;
        this.heads = heads;
        this.exchanges = exchanges;
        this.pauseBudgets = pauseBudgets;
        this.accessLines = accessLines;
        loop.atTick("A request that was held back", this::resumeHeldBack);
    }

    /** Lets exchanges go on that may have been held back while memory for buffers was short. */
    private void resumeHeldBack() {
        if (loop.takeTight()) {
            exchanges.list().forEach(exchange -> Isolated.run("A request that was held back", exchange::goOn));
        }
    }

    LoopContext loop() {
        return loop;
    }

    ScanScratch scratch() {
        return scratch;
    }

    ExchangeSettings settings() {
        return settings;
    }

    RoutingTable routing() {
        return routing;
    }

    TargetPool pool() {
        return pool;
    }

    /** Returns the memory for heads of this event loop. */
    HeadBudget<?> heads() {
        return heads;
    }

    Exchanges exchanges() {
        return exchanges;
    }

    /** Returns where the lines of the access log go; null if there is no access log. */
    AccessLines accessLines() {
        return accessLines;
    }

    /** Returns the slot affinity of the request at hand. */
    SlotAffinity affinity() {
        return affinity;
    }

    /** Returns where requests wait on this event loop while their service is paused. */
    PausedRequests pausedRequests(String service) {
        return pausedRequests.computeIfAbsent(
                service, name -> new PausedRequests(loop, name, pauseBudgets.of(name), settings.pause()));
    }

    /** Begins to release the requests that wait for services that have been resumed. */
    void releasePaused() {
        pausedRequests.values().forEach(PausedRequests::release);
    }

    /** Refuses the requests that wait. */
    void dismissPaused(LocalReply answer) {
        pausedRequests.values().forEach(paused -> paused.dismiss(answer));
    }
}
