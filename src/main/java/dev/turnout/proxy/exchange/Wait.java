package dev.turnout.proxy.exchange;

/** The wait of a request that has no target yet. Event loop only. */
interface Wait {

    /** Called when the request waits no more, whatever the reason. */
    void leave();

    /**
     * Called when more of the request's body has come.
     *
     * @param kept how many bytes of what came after the request are kept now
     * @return false if there is no room for it: the request waits no more
     */
    boolean keeps(int kept);

    /** Returns the answer to a request that has waited as long as it may. */
    LocalReply tooLate();
}
