package dev.turnout.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The most that the configured limits can need of the machine.
 *
 * @param connections {@code turnout.limits.connections}; 0 if nginx has the clients
 * @param requests {@code turnout.limits.requests}; 0 if nginx has the clients
 * @param adminConnections {@code turnout.admin.connections}
 * @param pauseBytes {@code turnout.pause.bytes}; 0 if nginx has the clients
 * @param services how many services there are
 */
record Capacity(long connections, long requests, long adminConnections, long pauseBytes, long services) {

    /** For jars, logs, the state folder, listening sockets, event loops and probes. About 160 were counted. */
    static final long OWN_DESCRIPTORS = 256;

    /** The smallest read buffer of a request in flight when memory is short. Bytes. */
    static final long REQUEST_BYTES = 4 * 1024;

    /** What the program without services leaves alive on the heap. 3 MiB were measured. Bytes. */
    static final long OWN_HEAP = 8L << 20;

    /** What a service with two targets leaves alive on the heap. With 1,000 services 42 KiB were measured. Bytes. */
    static final long SERVICE_BYTES = 44L << 10;

    /** Returns how many files and sockets the limits need. */
    long descriptors() {
        return connections + requests + adminConnections + OWN_DESCRIPTORS;
    }

    /** Returns a warning for each limit that the machine can't carry. */
    List<String> warnings(Machine machine) {
        List<String> warnings = new ArrayList<>();
        long descriptors = descriptors();
        if (descriptors > machine.descriptors()) {
            warnings.add("The limits need " + descriptors + " descriptors, and this process may have "
                    + machine.descriptors() + ": turnout.limits.connections=" + connections
                    + ", turnout.limits.requests=" + requests + ", turnout.admin.connections=" + adminConnections
                    + ", and " + OWN_DESCRIPTORS + " for Turnout itself. It serves, and new clients wait when there"
                    + " are none left. Lower these keys, or allow it more: LimitNOFILE=" + descriptors
                    + " in its systemd unit, or ulimit -n before its start.");
        }
        long ample = machine.directMemory() / 2;
        memory(warnings, pauseBytes, ample, "turnout.pause.bytes=" + pauseBytes);
        memory(warnings, requests * REQUEST_BYTES, ample, "turnout.limits.requests=" + requests);
        long living = OWN_HEAP + services * SERVICE_BYTES;
        // A heap that is fuller is collected all the time.
        long needed = living / 3 * 4;
        if (needed > machine.heap()) {
            warnings.add(services + " services need a heap of " + mebibytes(needed) + " MiB, and this process may have "
                    + mebibytes(machine.heap()) + " MiB. Turnout serves, and is slow. Allow more by the option -Xmx"
                    + mebibytes(needed)
                    + "m, before the first word of the command of an executable, or in JAVA_OPTS.");
        }
        return warnings;
    }

    private static void memory(List<String> warnings, long needed, long ample, String key) {
        if (needed > ample) {
            warnings.add(key + " needs " + needed + " bytes of direct memory, and above " + ample
                    + ", half of what there may be, memory is short. Turnout serves, and gets slower before the limit"
                    + " is reached. Lower the key, or allow more by the option -XX:MaxDirectMemorySize="
                    + mebibytes(2 * needed)
                    + "m, before the first word of the command of an executable, or in JAVA_OPTS.");
        }
    }

    /** Returns bytes in MiB, rounded up. */
    private static long mebibytes(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
