package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.RequestView;
import org.jspecify.annotations.Nullable;

/** Whoever wants to know of each request at its end. Event loop only. */
public interface ExchangeObserver {

    /**
     * Called when a request has been answered, or has ended without an answer.
     *
     * @param service empty if it was for none, or a call of the admin API
     * @param head the request, valid during the call; null if what came was none
     */
    void ended(String service, @Nullable RequestView head, ExchangeRecord record);
}
