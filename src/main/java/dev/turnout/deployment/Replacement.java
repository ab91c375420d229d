package dev.turnout.deployment;

import dev.turnout.routing.Target;

/** The way in which one target gets the new version, while it is out of rotation. */
interface Replacement {

    /** Returns what tells this replacement from another: a resumed run has to be the same. */
    String what();

    /** Replaces what runs on a target. Returns when the new version is being started. */
    void replace(Target target) throws DeploymentFailed;

    /** Called when all targets are replaced. */
    void complete(ServiceView view) throws DeploymentFailed;
}
