package dev.turnout.proxy.exchange;

/** The wait of a request that has no target yet. Event loop only. */
interface Wait {

    /** Called when the request waits no more, whatever the reason. */
    void leave();

    /** Returns the answer to a request that has waited as long as it may. */
    LocalReply tooLate();
}
