package dev.turnout.proxy.listen;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts TLS handshakes by their result and version, and the connections that are open. Any thread. */
public final class HandshakeCounters {

    /** The versions that are told apart. */
    public enum Version {
        TLS_1_2("TLSv1.2"),
        TLS_1_3("TLSv1.3"),
        /** The handshake has ended before a version was agreed on. */
        NONE("none");

        private final String label;

        Version(String label) {
            this.label = label;
        }

        /** Returns the value of the label {@code version}. */
        public String label() {
            return label;
        }

        /** Returns the version with a name of the engines. */
        static Version of(String protocol) {
            return protocol.equals(TLS_1_2.label) ? TLS_1_2 : TLS_1_3;
        }
    }

    /** What is counted together. */
    public record Kind(HandshakeResult result, Version version) {}

    private final Map<Kind, LongAdder> counts =
            kinds().collect(Collectors.toUnmodifiableMap(Function.identity(), kind -> new LongAdder()));
    private final LongAdder nanos = new LongAdder();
    private final AtomicLong open = new AtomicLong();

    /** Returns all that is counted: handshakes that were done by version, others without one. */
    public static Stream<Kind> kinds() {
        return Stream.of(HandshakeResult.values())
                .flatMap(result -> Stream.of(Version.values()).map(version -> new Kind(result, version)))
                .filter(kind -> kind.result().isDone() == (kind.version() != Version.NONE));
    }

    /** Counts a handshake that has failed. */
    void failed(HandshakeResult result) {
        increment(new Kind(result, Version.NONE));
    }

    /** Counts a handshake that was done, and the connection as an open one. */
    void done(HandshakeResult result, String protocol, long tookNanos) {
        increment(new Kind(result, Version.of(protocol)));
        nanos.add(tookNanos);
        open.incrementAndGet();
    }

    private void increment(Kind kind) {
        @Nullable LongAdder adder = counts.get(kind);
        if (adder != null) {
            adder.increment();
        }
    }

    /** Counts the end of a connection whose handshake was done. */
    void closed() {
        open.decrementAndGet();
    }

    /** Returns how many handshakes have ended so. */
    public long count(Kind kind) {
        @Nullable LongAdder adder = counts.get(kind);
        return adder == null ? 0 : adder.sum();
    }

    /** Returns how many handshakes were done. */
    public long done() {
        return kinds().filter(kind -> kind.result().isDone())
                .mapToLong(this::count)
                .sum();
    }

    /** Returns how long the handshakes took that were done, from connection to end, in nanoseconds. */
    public long totalNanos() {
        return nanos.sum();
    }

    /** Returns how many connections are open whose handshake was done. */
    public long open() {
        return open.get();
    }
}
