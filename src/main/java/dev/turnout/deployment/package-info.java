/** The deployment of a new version from this machine: releases on disk, processes and units, and the order of
 * a deployment. */
@NullMarked
package dev.turnout.deployment;

import org.jspecify.annotations.NullMarked;
