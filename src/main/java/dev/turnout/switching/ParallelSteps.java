package dev.turnout.switching;

import dev.turnout.config.DaemonThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The way to do a step of several services at the same time, each on a thread of its own. */
final class ParallelSteps {

    private final BiConsumer<String, Runnable> threads;

    ParallelSteps() {
        this((service, step) -> DaemonThread.start("turnout-change-of-" + service, step));
    }

    /** @param threads does a step of a service on a new thread */
    ParallelSteps(BiConsumer<String, Runnable> threads) {
        this.threads = threads;
    }

    /**
     * Does a step of every service. Blocks until all have ended. A step for which the system gives no thread is done by the
     * caller, when the others have begun.
     *
     * @throws ChangeRefused of the first service whose step is refused
     */
    <T> Map<String, T> each(Map<String, Change> changes, Function<Change, T> step) {
        List<Runnable> own = new ArrayList<>();
        Map<String, CompletableFuture<T>> running = new TreeMap<>();
        changes.forEach((name, change) -> running.put(
                name, CompletableFuture.supplyAsync(() -> step.apply(change), task -> begin(name, task, own))));
        own.forEach(Runnable::run);
        CompletableFuture.allOf(running.values().toArray(CompletableFuture[]::new))
                .exceptionally(failure -> null)
                .join();
        Map<String, T> results = new TreeMap<>();
        running.forEach((name, result) -> results.put(name, result(result)));
        return results;
    }

    private void begin(String service, Runnable task, List<Runnable> own) {
        try {
            threads.accept(service, task);
        } catch (OutOfMemoryError e) {
            own.add(task);
        }
    }

    private static <T> T result(CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
