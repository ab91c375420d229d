package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;

/** The methods that requests are told apart by where they are counted. All others are {@link #OTHER}. */
public enum KnownMethod {
    GET,
    POST,
    HEAD,
    PUT,
    DELETE,
    PATCH,
    OPTIONS,
    CONNECT,
    TRACE,
    OTHER;

    private static final List<KnownMethod> ALL = List.of(values());

    private final byte[] octets = name().getBytes(US_ASCII);

    /** Returns the method that some bytes are. */
    static KnownMethod of(byte[] bytes, int from, int to) {
        for (int i = 0; i < ALL.size() - 1; i++) {
            if (Octets.are(bytes, from, to, ALL.get(i).octets)) {
                return ALL.get(i);
            }
        }
        return OTHER;
    }

    /** Returns the method as it stands in a request. */
    byte[] octets() {
        return octets;
    }

    /** Returns the method of a place in this list. */
    public static KnownMethod at(int place) {
        return ALL.get(place);
    }

    /** Returns the word that metrics have for it. */
    public String label() {
        return this == OTHER ? "other" : name();
    }
}
