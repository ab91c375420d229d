package dev.turnout.proxy.http2;

/** Where the fields of a header block go, one by one. The arrays are only lent. */
interface FieldSink {

    void field(byte[] names, int nameFrom, int nameTo, byte[] values, int valueFrom, int valueTo);
}
