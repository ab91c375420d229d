package dev.turnout.notify;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The metric {@code turnout_notifications_total} of one receiver.
 *
 * @param sent the receiver has taken the message
 * @param failed the receiver has refused the message, or could not take it in time
 * @param dropped the message was never tried: too many waited, or Turnout stopped
 */
record ReceiverCounts(Counter sent, Counter failed, Counter dropped) {

    static ReceiverCounts of(MeterRegistry registry, String receiver) {
        return new ReceiverCounts(
                counter(registry, receiver, "sent"),
                counter(registry, receiver, "failed"),
                counter(registry, receiver, "dropped"));
    }

    private static Counter counter(MeterRegistry registry, String receiver, String result) {
        return Counter.builder("turnout.notifications")
                .description("Notifications that were sent, that failed, or that were dropped without a try")
                .tag("receiver", receiver)
                .tag("result", result)
                .register(registry);
    }
}
