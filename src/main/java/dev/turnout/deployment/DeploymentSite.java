package dev.turnout.deployment;

/**
 * What a deployment works with.
 *
 * @param service the service of Turnout
 * @param machine where versions run
 * @param releases of the service
 * @param voice to the operator
 * @param interruption by the operator
 */
record DeploymentSite(
        TurnoutService service, LocalMachine machine, Releases releases, Voice voice, Interruption interruption) {

    NewVersion newVersion(DeployLimits limits) {
        return new NewVersion(machine, voice, interruption, limits);
    }
}
