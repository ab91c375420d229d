package dev.turnout.proxy;

import java.util.ArrayList;
import java.util.List;

/** The exchanges of one event loop that have begun and not ended. Event loop only. */
final class Exchanges {

    private final int loop;
    private final RequestLimit limit;
    private Exchange first;
    private int count;

    /** @param loop the index of the event loop */
    Exchanges(int loop, RequestLimit limit) {
        this.loop = loop;
        this.limit = limit;
    }

    void add(Exchange exchange) {
        limit.note(loop, ++count);
        exchange.next = first;
        if (first != null) {
            first.previous = exchange;
        }
        first = exchange;
    }

    void remove(Exchange exchange) {
        limit.note(loop, --count);
        if (exchange.previous == null) {
            first = exchange.next;
        } else {
            exchange.previous.next = exchange.next;
        }
        if (exchange.next != null) {
            exchange.next.previous = exchange.previous;
        }
        exchange.previous = null;
        exchange.next = null;
    }

    /** Returns true if as many requests are in flight, on all event loops, as are allowed. */
    boolean isFull() {
        return limit.isReached();
    }

    /** Returns the exchanges of now, as a list that does not change. */
    List<Exchange> list() {
        List<Exchange> exchanges = new ArrayList<>();
        for (Exchange exchange = first; exchange != null; exchange = exchange.next) {
            exchanges.add(exchange);
        }
        return exchanges;
    }
}
