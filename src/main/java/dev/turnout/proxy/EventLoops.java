package dev.turnout.proxy;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.connection.Neighbours;
import dev.turnout.proxy.exchange.ActiveRequest;
import dev.turnout.proxy.exchange.LocalReply;
import dev.turnout.proxy.loop.Descriptors;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.CutRequests;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** All event loops: what is to be done on each of them is handed out here, and its results are joined. Any thread. */
final class EventLoops implements Neighbours {

    private static final long FREED_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EventLoopGroup group;
    private final Descriptors descriptors;
    private final List<ServingLoop> loops = new ArrayList<>();
    private final Map<EventExecutor, ServingLoop> byExecutor = new IdentityHashMap<>();
    private final AtomicLong freedNanos = new AtomicLong(System.nanoTime());

    EventLoops(EventLoopGroup group, SharedParts parts) {
        this.group = group;
        this.descriptors = parts.descriptors();
        int count = count(group);
        for (EventExecutor executor : group) {
            ServingLoop loop =
                    new ServingLoop(loops.size(), count, (EventLoop) executor, parts, this, this::freeDescriptors);
            loops.add(loop);
            byExecutor.put(executor, loop);
        }
    }

    /** Returns how many event loops a group has. */
    static int count(EventLoopGroup group) {
        int count = 0;
        for (EventExecutor executor : group) {
            count += executor == null ? 0 : 1;
        }
        return count;
    }

    EventLoopGroup group() {
        return group;
    }

    int count() {
        return loops.size();
    }

    ServingLoop first() {
        return loops.get(0);
    }

    /** Returns what an executor of the group serves. */
    ServingLoop of(EventExecutor executor) {
        return requireNonNull(byExecutor.get(executor));
    }

    /** Calls a task for each event loop on the caller's thread. To be used before the event loops serve. */
    void prepare(Consumer<ServingLoop> task) {
        loops.forEach(task);
    }

    /** Runs a task on each event loop, soon. */
    void onAll(Consumer<ServingLoop> task) {
        for (ServingLoop loop : loops) {
            loop.eventLoop().execute(() -> task.accept(loop));
        }
    }

    /**
     * Runs a task on each event loop, soon.
     *
     * @return completes with the results when all have run
     */
    <T> CompletableFuture<List<T>> collect(Function<ServingLoop, T> task) {
        return Joined.list(loops.stream()
                .map(loop -> CompletableFuture.supplyAsync(() -> task.apply(loop), loop.eventLoop()))
                .toList());
    }

    /** As {@link #collect}, for a task whose result comes later. */
    <T> CompletableFuture<List<T>> collectLater(Function<ServingLoop, CompletableFuture<T>> task) {
        return Joined.list(loops.stream()
                .map(loop -> CompletableFuture.supplyAsync(() -> task.apply(loop), loop.eventLoop())
                        .thenCompose(Function.identity()))
                .toList());
    }

    /**
     * Runs a task on each event loop, soon.
     *
     * @return completes when all have run
     */
    CompletableFuture<Void> runAll(Consumer<ServingLoop> task) {
        return CompletableFuture.allOf(loops.stream()
                .map(loop -> CompletableFuture.runAsync(() -> task.accept(loop), loop.eventLoop()))
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Completes when every event loop has done what it had to do before. */
    CompletableFuture<Void> passThrough() {
        return runAll(loop -> {});
    }

    /**
     * Ends the exchanges at some targets before they are done.
     *
     * @return completes with what was cut
     */
    CompletableFuture<CutRequests> cut(Predicate<ActiveRequest> which, LocalReply reply) {
        return collect(loop -> loop.cut(which, reply))
                .thenApply(cuts -> cuts.stream().reduce(CutRequests.NONE, CutRequests::plus));
    }

    @Override
    public void closeIdle(TargetState target) {
        onAll(loop -> loop.closeIdleTo(target));
    }

    @Override
    public void serve(int loop, TargetState target) {
        ServingLoop serving = loops.get(loop);
        serving.eventLoop().execute(() -> serving.serve(target));
    }

    @Override
    public void serveEverywhere(TargetState target) {
        onAll(loop -> loop.serve(target));
    }

    /** Called when a descriptor is missing. Closes idle connections, no oftener than descriptors can come back. */
    void freeDescriptors() {
        descriptors.ranOut();
        long last = freedNanos.get();
        long now = System.nanoTime();
        if (now - last > FREED_EVERY_NANOS && freedNanos.compareAndSet(last, now)) {
            onAll(ServingLoop::closeHere);
        }
    }
}
