package dev.turnout.acme;

import java.util.List;

/** A look at TXT records as clients of a name server see them. */
@FunctionalInterface
interface TxtRecords {

    /** Returns the values of a name; none if the name server does not answer. Blocks for seconds at most. */
    List<String> of(String name) throws InterruptedException;
}
