package dev.turnout.fleet;

import java.io.IOException;
import java.util.Collection;
import java.util.SortedMap;

/** The targets that somebody renews, as all members of a fleet know them. Any thread that may block. */
public interface Offers {

    /** The most that one call renews or removes: etcd takes 128 operations in one transaction. */
    int MOST_AT_A_TIME = 64;

    /**
     * Says that targets were renewed.
     *
     * @param names of at most {@link #MOST_AT_A_TIME}
     * @throws IOException if etcd does not answer, or is not believed; the message is half a sentence
     */
    void renew(Collection<String> names) throws IOException;

    /**
     * Returns a number for each name, which is another one after each renewal.
     *
     * @throws IOException if etcd does not answer, or is not believed; the message is half a sentence
     */
    SortedMap<String, Long> read() throws IOException;

    /**
     * Removes names.
     *
     * @param names at most {@link #MOST_AT_A_TIME}
     * @throws IOException if etcd does not answer, or is not believed; the message is half a sentence
     */
    void remove(Collection<String> names) throws IOException;
}
