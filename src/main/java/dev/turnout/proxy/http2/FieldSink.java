package dev.turnout.proxy.http2;

/** Where the fields of a header block go, one by one. The arrays are only lent. */
interface FieldSink {

    /**
     * Takes a field.
     *
     * @return false to give up the block, and with it the connection
     */
    boolean field(byte[] names, int nameFrom, int nameTo, byte[] values, int valueFrom, int valueTo);
}
