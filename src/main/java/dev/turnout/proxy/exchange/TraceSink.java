package dev.turnout.proxy.exchange;

/** Takes recorded requests. Never blocks. Any thread. */
@FunctionalInterface
public interface TraceSink {

    void take(TracedRequest request);
}
