package dev.turnout.proxy.http1;

/** What a scan returns when it does not return the offset behind the last byte that it took. */
public final class Scan {

    /** All bytes so far are legal, and more are needed. */
    public static final int INCOMPLETE = -1;

    /** The bytes are not legal, whatever follows; the scanner's {@code rejection()} says why. */
    public static final int REJECTED = -2;

    private Scan() {}
}
