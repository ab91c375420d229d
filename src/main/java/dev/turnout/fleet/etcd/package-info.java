/** A client of etcd over its JSON gateway: eight calls, endpoints in turn, one time-out. Knows nothing of Turnout. */
@NullMarked
package dev.turnout.fleet.etcd;

import org.jspecify.annotations.NullMarked;
