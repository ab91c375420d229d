package dev.turnout.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * The requests that a drain ended. Clients choose how many there are, so only the first are named.
 *
 * @param named the first {@value #MOST_NAMED}
 * @param count how many there are in all
 */
public record CutRequests(List<CutRequest> named, long count) {

    /** How many are named at most. */
    public static final int MOST_NAMED = 100;

    public static final CutRequests NONE = new CutRequests(List.of(), 0);

    public CutRequests {
        named = List.copyOf(named);
        if (named.size() > MOST_NAMED || count < named.size() || count > named.size() && named.size() < MOST_NAMED) {
            throw new IllegalArgumentException(named.size() + " of " + count + " are named");
        }
    }

    /** Returns the requests of a list, of which the first are named. */
    public static CutRequests of(List<CutRequest> all) {
        return new CutRequests(all.subList(0, Math.min(MOST_NAMED, all.size())), all.size());
    }

    /** Returns these requests and others. */
    public CutRequests plus(CutRequests others) {
        List<CutRequest> both = new ArrayList<>(named);
        both.addAll(others.named);
        return new CutRequests(both.subList(0, Math.min(MOST_NAMED, both.size())), count + others.count);
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Returns how many are not named. */
    public long unnamed() {
        return count - named.size();
    }
}
