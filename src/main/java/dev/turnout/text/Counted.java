package dev.turnout.text;

import java.util.List;

/** Numbers with what they count, in English. Korean has one form for all numbers. */
public final class Counted {

    private Counted() {}

    /** Returns {@code 1 request}, {@code 2 requests}. */
    public static String of(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    /** Returns {@code a, b and 3 more}: the first names, and how many there are beside these. */
    public static String some(List<String> names, int most) {
        String first = String.join(", ", names.subList(0, Math.min(most, names.size())));
        return first + (names.size() > most ? " and " + (names.size() - most) + " more" : "");
    }

    /** Returns a number of requests. */
    public static String requests(long count) {
        return of(count, "request", "requests");
    }
}
