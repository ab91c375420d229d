package dev.turnout.proxy.exchange;

/**
 * Work off the event loop that a request waits for before it goes on. Its methods, and those of the waiter, are called
 * on the event loop of the request.
 */
interface Hold {

    /** Whoever waits. Exactly one of the methods is called, once, unless the wait is given up. */
    interface Waiter {

        /** Called when the request may go on. */
        void goesOn();

        /** Called when the request is answered instead. */
        void refused(LocalReply reply);
    }

    /** Begins the work. The waiter may be called before this method has returned. */
    void begin(Waiter waiter);

    /** Called when nobody waits any more: the request is over. */
    void giveUp();

    /** Returns the answer if the work takes too long. */
    LocalReply tooLate();
}
