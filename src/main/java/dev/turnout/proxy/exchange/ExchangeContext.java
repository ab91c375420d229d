package dev.turnout.proxy.exchange;

import dev.turnout.config.ErrorPages;
import dev.turnout.config.StatusRanges;
import dev.turnout.proxy.folder.FileThreads;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.RequestView;
import dev.turnout.proxy.loop.HeadBudget;
import dev.turnout.proxy.loop.Isolated;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.ScanScratch;
import dev.turnout.proxy.route.RequestCounters;
import dev.turnout.proxy.route.RequestSettings;
import dev.turnout.proxy.route.RoutingTable;
import dev.turnout.proxy.route.ServiceCounters;
import dev.turnout.proxy.route.ServiceRoute;
import dev.turnout.proxy.route.SlotAffinity;
import dev.turnout.proxy.route.TargetSettings;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TracedTime;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What the exchanges of one event loop share. Event loop only. */
public final class ExchangeContext {

    private final LoopContext loop;
    private final ScanScratch scratch;
    private ExchangeSettings settings;
    private final RoutingTable routing;
    private final TargetSource targets;
    private final HeadBudget<?> heads;
    private final ActiveRequests requests;
    private final PauseBudgets pauseBudgets;
    private final LongSupplier nanoClock;
    private final FailedRequests failures = new FailedRequests();
    private final RequestCounters counters;
    private final FileThreads files;
    private final TargetState folderTarget;
    private @Nullable EditedResponses editedResponses;
    private ExchangeObserver[] observers = {};
    private ErrorPages pages = ErrorPages.none();
    private @Nullable CopySource copies;
    private final Map<String, PausedRequests> pausedRequests = new HashMap<>();
    private final LongSupplier numbers = () -> ThreadLocalRandom.current().nextLong();
    private final SlotAffinity affinity = new SlotAffinity(numbers);

    /**
     * @param files the threads that read files
     * @param nanoClock nanoseconds from an arbitrary origin
     */
    public ExchangeContext(
            LoopContext loop,
            ScanScratch scratch,
            ExchangeSettings settings,
            RoutingTable routing,
            TargetSource targets,
            HeadBudget<?> heads,
            ActiveRequests requests,
            PauseBudgets pauseBudgets,
            RequestCounters counters,
            FileThreads files,
            LongSupplier nanoClock) {
        this.loop = loop;
        this.scratch = scratch;
        this.settings = settings;
        this.routing = routing;
        this.targets = targets;
        this.heads = heads;
        this.requests = requests;
        this.pauseBudgets = pauseBudgets;
        this.counters = counters;
        this.files = files;
        this.folderTarget =
                new TargetState("", Slot.BLUE, new Target("folder", 1), loop.index() + 1, TargetSettings.NONE);
        this.nanoClock = nanoClock;
        loop.atTick("A request that was held back", this::resumeHeldBack);
    }

    /** Replaces what holds for all services, for the exchanges that begin from now on. */
    public void apply(ExchangeSettings next) {
        settings = next;
    }

    /** Has requests copied from now on. */
    void copyBy(CopySource source) {
        copies = source;
    }

    /** Returns what copies requests to idle slots; null if nothing does. */
    @Nullable
    CopySource copies() {
        return copies;
    }

    /** Shows these pages with the answers of Turnout's own from now on. */
    public void show(ErrorPages next) {
        pages = next;
    }

    /**
     * Returns an answer as a client gets it: with a page for a browser.
     *
     * @param service empty if the request is for none
     */
    LocalReply shown(LocalReply reply, LocalReply.Form form, String service, RequestHead head) {
        return form == LocalReply.Form.PAGE ? ReplyPages.shown(reply, pages, service, head) : reply;
    }

    /** As {@link #shown(LocalReply, LocalReply.Form, String, RequestHead)}, for a request that was admitted. */
    LocalReply shown(LocalReply reply, LocalReply.Form form, String service, ByteBuf head) {
        return form == LocalReply.Form.PAGE ? shown(reply, form, service, scratch.scanAgain(head)) : reply;
    }

    /** Returns true if a browser gets the operator's page instead of an application's answer with a status. */
    boolean intercepts(String service, int status) {
        ServiceRoute route = routing.routes().of(service);
        StatusRanges intercepted = route == null ? null : route.entrance().intercepted();
        return intercepted != null && intercepted.contains(status) && pages.of(service, status) != null;
    }

    /** Has these observers, and no others, told of each request at its end. */
    public void observe(List<? extends ExchangeObserver> next) {
        observers = next.toArray(new ExchangeObserver[0]);
    }

    /** Lets exchanges go on that may have been held back while memory for buffers was short. */
    private void resumeHeldBack() {
        if (loop.takeTight()) {
            requests.list().forEach(request -> Isolated.run("A request that was held back", request::goOn));
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

    /** Returns what holds for the requests of a service now; for those of none if there is no such service. */
    RequestSettings settings(String service) {
        ServiceRoute route = routing.routes().of(service);
        return route == null ? settings.ofNoService() : route.entrance().requests();
    }

    RoutingTable routing() {
        return routing;
    }

    TargetSource targets() {
        return targets;
    }

    /** Returns the memory for heads of this event loop. */
    HeadBudget<?> heads() {
        return heads;
    }

    ActiveRequests requests() {
        return requests;
    }

    /** Returns the count of failed requests. */
    public FailedRequests failures() {
        return failures;
    }

    /** Returns the clock of exchanges. Nanoseconds from an arbitrary origin. */
    LongSupplier nanoClock() {
        return nanoClock;
    }

    /**
     * Counts a request that was answered without an exchange, and tells observers of it.
     *
     * @param service empty if it is for none, or for one that is not known yet
     * @param head null if what came was no request
     */
    void refused(String service, @Nullable RequestHead head, ExchangeRecord record) {
        count(service, record);
        RequestTrace trace = record.trace();
        if (trace != null && trace.isRecorded()) {
            trace.refused(service, record, nanoClock.getAsLong());
        }
        if (observers.length > 0) {
            tellObservers(service, head == null ? null : scratch.view(head), record);
        }
    }

    private void tellObservers(String service, @Nullable RequestView head, ExchangeRecord record) {
        for (ExchangeObserver observer : observers) {
            observer.ended(service, head, record);
        }
    }

    private void count(String service, ExchangeRecord record) {
        ServiceCounters ofService = counters.of(service);
        long nanos = record.spanNanos();
        ofService.count(loop.index(), record.target(), record.method(), record.status(), nanos, record.isFailed());
        RequestTrace trace = record.trace();
        if (trace != null && trace.isRecorded() && nanos >= 0) {
            ofService.keep(
                    record.target(), record.status(), new TracedTime(trace.id(), nanos, System.currentTimeMillis()));
        }
        String cause = record.cause();
        if (cause != null && record.isOwnAnswer()) {
            ofService.countOwnAnswer(cause);
        } else if (cause != null) {
            ofService.countCutResponse(cause);
        }
    }

    /** Counts a request that is asked of the other slot. */
    void bridged(String service) {
        counters.of(service).countBridged();
    }

    /**
     * Called at the end of an exchange, before its request is released.
     *
     * @param service empty if it was a call of the admin API, which is no traffic
     */
    void ended(ActiveRequest request, String service, ByteBuf head, ExchangeRecord record) {
        requests.remove(request);
        if (!service.isEmpty()) {
            count(service, record);
        }
        RequestTrace trace = record.trace();
        if (trace != null && trace.isRecorded()) {
            trace.ended(service, head, record, nanoClock.getAsLong());
        }
        if (observers.length > 0) {
            tellObservers(service, scratch.view(head), record);
        }
        heads.leave(head.capacity());
    }

    /** Returns the threads that read files. */
    FileThreads files() {
        return files;
    }

    /** Returns what stands in the place of a target while a request is answered with a file. */
    TargetState folderTarget() {
        return folderTarget;
    }

    /** Returns where heads are changed by rules. */
    EditedResponses editedResponses() {
        if (editedResponses == null) {
            editedResponses = new EditedResponses(scratch.headLimit());
        }
        return editedResponses;
    }

    /** Returns where random numbers come from. */
    LongSupplier numbers() {
        return numbers;
    }

    /** Returns the slot affinity of the request at hand. */
    SlotAffinity affinity() {
        return affinity;
    }

    /** Returns where requests wait on this event loop while their service is paused. */
    PausedRequests pausedRequests(String service) {
        return pausedRequests.computeIfAbsent(
                service,
                name -> new PausedRequests(
                        loop, name, pauseBudgets.of(name), () -> settings(name).pause()));
    }

    /** Begins to release the requests that wait for services that have been resumed. */
    public void releasePaused() {
        pausedRequests.values().forEach(PausedRequests::release);
    }

    /** Releases the requests of a service that a hold has kept. */
    public void releaseHeld(String service) {
        PausedRequests kept = pausedRequests.get(service);
        if (kept != null) {
            kept.releaseHeld();
        }
    }

    /** Refuses the requests that wait. */
    public void dismissPaused(LocalReply reply) {
        pausedRequests.values().forEach(paused -> paused.dismiss(reply));
    }
}
