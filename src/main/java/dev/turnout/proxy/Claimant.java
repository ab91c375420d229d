package dev.turnout.proxy;

/** Who asks for a target. To be used on one event loop only. */
interface Claimant {

    /**
     * Chooses a target by one snapshot; asked again if that has been replaced meanwhile.
     *
     * @param loop the index of the calling event loop
     * @return null if there is none
     */
    Upstream choose(Route route, int loop);
}
