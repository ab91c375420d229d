package dev.turnout.fleet;

/**
 * Which life of the store is read: another one if the cluster or the fleet has another id, or if the store's revision has
 * gone back, as it does when a backup is put back. One thread, but for {@link #newest}.
 */
final class Lives {

    private volatile long newest;
    private int generation;

    /**
     * @param believed the life that the disk names
     * @param newest the newest revision that the disk has seen
     */
    Lives(String believed, long newest) {
        this.newest = newest;
        this.generation = Integer.parseInt(believed.substring(believed.lastIndexOf('/') + 1));
    }

    /** Returns the first life of a fleet in a store. */
    static String first(String cluster, String fleet) {
        return name(cluster, fleet, 0);
    }

    /** Returns the life that a read belongs to. */
    String of(FleetStore.Read read) {
        if (read.revision() < newest) {
            generation++;
        }
        newest = read.revision();
        return name(read.cluster(), read.fleet().orElse("none"), generation);
    }

    /** Returns the revision of the last read. */
    long newest() {
        return newest;
    }

    private static String name(String cluster, String fleet, int generation) {
        return cluster + "/" + fleet + "/" + generation;
    }
}
