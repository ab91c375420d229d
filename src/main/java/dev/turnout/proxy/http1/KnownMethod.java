package dev.turnout.proxy.http1;

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

    /** Returns the method of a request. */
    public static KnownMethod of(RequestHead head) {
        for (int i = 0; i < ALL.size() - 1; i++) {
            if (head.methodIs(ALL.get(i).name())) {
                return ALL.get(i);
            }
        }
        return OTHER;
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
