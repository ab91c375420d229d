package dev.turnout.fleet.decision;

/** What {@link FleetExplorer} explores: members, what may go wrong and how often, policies, and a protection that is missing. */
final class FleetWorld {

    final int members;
    int enrolled;
    int changes = 1;
    int crashes;
    int cuts;
    int leases;
    int handOvers;
    int leftOut;
    int restores;
    int duplicates;
    boolean strict = true;
    boolean startsAlone = true;
    boolean servesInDoubt;
    boolean operatorIsRight = true;
    boolean mixingMatters = true;
    boolean trafficEverywhere;
    boolean noTraffic;
    boolean patient;
    boolean slowReceipts;
    boolean asksPeers;
    Mutation mutation = Mutation.NONE;

    private FleetWorld(int members) {
        this.members = members;
        this.enrolled = members;
    }

    static FleetWorld of(int members) {
        return new FleetWorld(members);
    }

    /** Returns two members with one change, one crash, one cut and one lease that ends: the world of most questions. */
    static FleetWorld usual() {
        return of(2).faults(1, 1, 1);
    }

    FleetWorld faults(int mostCrashes, int mostCuts, int mostLeases) {
        crashes = mostCrashes;
        cuts = mostCuts;
        leases = mostLeases;
        return this;
    }

    FleetWorld changes(int most) {
        changes = most;
        return this;
    }

    FleetWorld handOvers(int most) {
        handOvers = most;
        return this;
    }

    /** One member is not enrolled yet. */
    FleetWorld oneJoins() {
        enrolled = members - 1;
        return this;
    }

    FleetWorld leftOut(int most) {
        leftOut = most;
        return this;
    }

    FleetWorld restores(int most) {
        restores = most;
        return this;
    }

    FleetWorld duplicates(int most) {
        duplicates = most;
        return this;
    }

    /** The update that closes a receipt may arrive late. */
    FleetWorld slowReceipts() {
        slowReceipts = true;
        return this;
    }

    /** No time-out of a change is over, and no receipt is closed before all is drained. */
    FleetWorld patient() {
        patient = true;
        return this;
    }

    /** A member that is bound by a vote and cut off from the store may ask another one at any moment. */
    FleetWorld asksPeers() {
        asksPeers = true;
        return this;
    }

    FleetWorld noTraffic() {
        noTraffic = true;
        return this;
    }

    FleetWorld trafficEverywhere() {
        trafficEverywhere = true;
        return this;
    }

    FleetWorld fast() {
        strict = false;
        return this;
    }

    FleetWorld neverStartsAlone() {
        startsAlone = false;
        return this;
    }

    FleetWorld servesInDoubt() {
        servesInDoubt = true;
        return this;
    }

    FleetWorld operatorMayBeWrong() {
        operatorIsRight = false;
        return this;
    }

    FleetWorld anythingButMixing() {
        mixingMatters = false;
        return this;
    }

    FleetWorld without(Mutation protection) {
        mutation = protection;
        return this;
    }

    /** Returns the budgets of a start, three bits each, in the order of {@link Budget}. */
    int budgets() {
        int[] all = {changes, crashes, cuts, leases, handOvers, leftOut, restores, duplicates};
        int packed = 0;
        for (int i = 0; i < all.length; i++) {
            packed |= all[i] << 3 * i;
        }
        return packed;
    }

    /** What may happen a few times only. */
    enum Budget {
        CHANGE,
        CRASH,
        CUT,
        LEASE,
        HAND_OVER,
        LEFT_OUT,
        RESTORE,
        DUPLICATE;

        int cost() {
            return 1 << 3 * ordinal();
        }
    }

    /** Returns true if budgets cover a cost. */
    static boolean covers(int budgets, int cost) {
        for (int shift = 0; shift < 24; shift += 3) {
            if ((budgets >> shift & 7) < (cost >> shift & 7)) {
                return false;
            }
        }
        return true;
    }
}
