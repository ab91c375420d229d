package dev.turnout.dns;

/**
 * One record of an answer.
 *
 * @param owner its name, in lower case and without a dot at its end
 * @param type its number
 * @param ttlSeconds for how long it may be used
 * @param text what it says: an address, a name, or {@code priority weight port name}
 */
record DnsRecord(String owner, int type, long ttlSeconds, String text) {}
