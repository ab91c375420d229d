package dev.turnout.proxy;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Futures that are waited for together. */
final class Joined {

    private Joined() {}

    /** Completes with all results, in the order of the futures; exceptionally if one of them does. */
    static <T> CompletableFuture<List<T>> list(List<CompletableFuture<T>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
    }

    /** Completes with the sum of all results; exceptionally if one of the futures does. */
    static CompletableFuture<Integer> sum(List<CompletableFuture<Integer>> futures) {
        return list(futures)
                .thenApply(counts -> counts.stream().mapToInt(Integer::intValue).sum());
    }
}
