package dev.turnout.proxy.route;

import org.jspecify.annotations.Nullable;

/** Who asks for a target. To be used on one event loop only. */
public interface TargetSelector {

    /**
     * Chooses a target by one snapshot; asked again if that has been replaced meanwhile.
     *
     * @param loop the index of the calling event loop
     * @return null if there is none
     */
    @Nullable
    TargetState choose(ServiceRoute route, int loop);
}
