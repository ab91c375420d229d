package dev.turnout.notify;

import java.util.Locale;
import java.util.Optional;

/**
 * What became of a message that tries a receiver.
 *
 * @param form of its messages
 * @param cause why the message was not taken, as a word for programs; empty if it was
 * @param words what happened; they follow "it", and show nothing of the address
 */
public record ReceiverTrial(String receiver, String form, Optional<String> cause, String words, long tookMillis) {

    static ReceiverTrial of(Receiver receiver, Notification notification) throws InterruptedException {
        long began = System.nanoTime();
        HookOutcome outcome = receiver.test(notification);
        return new ReceiverTrial(
                receiver.settings().name(),
                receiver.settings().form().name().toLowerCase(Locale.ROOT),
                outcome instanceof HookOutcome.Failed failed
                        ? Optional.of(
                                failed.cause().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        : Optional.empty(),
                outcome.words(),
                (System.nanoTime() - began) / 1_000_000);
    }

    public boolean isSent() {
        return cause.isEmpty();
    }
}
