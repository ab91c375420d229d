package dev.turnout.text;

/** A number with what it counts, in English. Korean has one form for all numbers. */
public final class Counted {

    private Counted() {}

    /** Returns {@code 1 request}, {@code 2 requests}. */
    public static String of(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    /** Returns a number of requests. */
    public static String requests(long count) {
        return of(count, "request", "requests");
    }
}
