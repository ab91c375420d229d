package dev.turnout.proxy.exchange;

/** The copy of a request, as its exchange sees it. Event loop only. */
interface RequestCopy {

    /** Called at the end of the exchange whose request this is a copy of. */
    void activeEnded(ExchangeRecord record, ExchangeEnd how);
}
