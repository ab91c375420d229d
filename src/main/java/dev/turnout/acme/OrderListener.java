package dev.turnout.acme;

import dev.turnout.text.TlsText;
import java.time.Instant;
import java.util.List;

/** Told of the ends of orders, on the thread of the orders. Must not block for long. */
public interface OrderListener {

    /** Called when a certificate is in its folder. */
    void issued();

    /**
     * Called when an order has failed for another reason than before, and once a day as long as orders fail.
     *
     * @param names what the certificate is for
     * @param reason in the words of the authority if the authority has refused
     */
    void failed(List<String> names, TlsText reason);

    /**
     * Called at the first look of a process at a certificate whose orders fail. The failure was told before.
     *
     * @param names what the certificate is for
     * @param told when the failure was told last
     */
    void failing(List<String> names, Instant told);
}
