/** Asks a container engine (Docker, Podman) which containers are to be targets. */
@NullMarked
package dev.turnout.docker;

import org.jspecify.annotations.NullMarked;
