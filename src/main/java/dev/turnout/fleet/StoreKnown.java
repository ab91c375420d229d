package dev.turnout.fleet;

import dev.turnout.fleet.etcd.Header;
import java.util.Optional;

/**
 * What a member knows of the store of its fleet at one moment.
 *
 * @param trouble why it can't be used; empty if it can
 * @param last the beginning of the answer that this member has seen last
 */
public record StoreKnown(Optional<String> trouble, Header last) {

    /** Returns true if an answer is of the same store, and of no earlier time. */
    boolean goesOnIn(Header answer) {
        return answer.cluster().equals(last.cluster()) && answer.revision() >= last.revision();
    }
}
