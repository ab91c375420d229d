package dev.turnout.deployment;

import io.vertx.core.json.JsonObject;

/** The way in which clients come to a version that runs on the idle slot. */
interface TrafficShift {

    /**
     * Sends all clients to the idle slot.
     *
     * @param before the service before anything was done
     * @param version what was started on the idle slot
     * @return Turnout's receipt
     * @throws DeploymentFailed with {@link DeploymentFailed#UNKNOWN} if it is not known that the old slot serves all
     *     clients
     */
    JsonObject shift(ServiceView before, Release.Build build, NewVersion version) throws DeploymentFailed;
}
