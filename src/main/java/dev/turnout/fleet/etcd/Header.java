package dev.turnout.fleet.etcd;

/**
 * What every answer of etcd begins with.
 *
 * @param cluster which store has answered, in decimal digits. Another store has another number.
 * @param revision of the store when it answered
 */
public record Header(String cluster, long revision) {}
