package dev.turnout.proxy.http1;

/**
 * What a scanner says of some bytes.
 *
 * @param end how many bytes belong to the message, or a code of {@link Scan}
 * @param why the reason of a rejection; null if there is none
 */
record ScanOutcome(int end, Rejection why) {

    /** A scanner of heads: both of them are one. */
    interface Scanner {

        int scan(byte[] source, int from, int to);

        Rejection rejection();
    }

    /** The verdict on a part of an array, {@code end} counted from its beginning. */
    static ScanOutcome of(Scanner scanner, byte[] source, int from, int to) {
        int end = scanner.scan(source, from, to);
        return end == Scan.REJECTED
                ? new ScanOutcome(end, scanner.rejection())
                : new ScanOutcome(end == Scan.INCOMPLETE ? end : end - from, null);
    }

    static ScanOutcome of(Scanner scanner, byte[] source) {
        return of(scanner, source, 0, source.length);
    }

    boolean isAccepted() {
        return end >= 0;
    }

    boolean isRejected() {
        return end == Scan.REJECTED;
    }

    boolean isForSize() {
        return why == Rejection.HEAD_TOO_LARGE || why == Rejection.TARGET_TOO_LONG;
    }
}
