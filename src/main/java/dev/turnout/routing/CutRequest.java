package dev.turnout.routing;

/**
 * A request that a drain ended before the response was complete. Clients choose its method and path, so both are kept
 * short and visible: see {@link VisibleText}.
 *
 * @param method as sent; at most {@value #METHOD_CHARACTERS} characters
 * @param path the request target as sent; at most {@value VisibleText#SHORT} characters
 * @param ageMillis from its claim to its end
 * @param target where it was in flight
 */
public record CutRequest(String method, String path, long ageMillis, Target target) {

    static final int METHOD_CHARACTERS = 32;

    public CutRequest {
        method = VisibleText.of(method, METHOD_CHARACTERS);
        path = VisibleText.of(path, VisibleText.SHORT);
    }
}
