package dev.turnout.routing;

import java.util.regex.Pattern;

/**
 * A share of the traffic that goes to the idle slot.
 *
 * @param weight percent of the clients, 1 to 100
 * @param key 32 hexadecimal digits that no other canary has: the cookies of this canary are signed with the key
 */
public record Canary(int weight, String key) {

    private static final Pattern KEY = Pattern.compile("[0-9a-f]{32}");

    public Canary {
        if (weight < 1 || weight > 100) {
            throw new IllegalArgumentException("the weight of a canary is 1 to 100, not " + weight);
        }
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("the key of a canary is 32 hexadecimal digits");
        }
    }

    /** Returns a text without the key: the text may come into a log. */
    @Override
    public String toString() {
        return weight + " %";
    }
}
