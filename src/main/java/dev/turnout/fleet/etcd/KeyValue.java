package dev.turnout.fleet.etcd;

/**
 * A key as etcd has it.
 *
 * @param createRevision the revision of the store at which this life of the key began
 * @param modRevision the revision of the store at which the value was written
 * @param lease that the key ends with; 0 if it has none
 */
public record KeyValue(String key, String value, long createRevision, long modRevision, long lease) {}
