package dev.turnout.fleet;

import dev.turnout.fleet.etcd.EtcdFailed;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets calls through to a store that is believed. One that went back, or is another one, has values of another time: nothing
 * is read from it or written to it. Any thread that may block.
 *
 * @param trouble why the store can't be used; empty if it can
 */
record BelievedStore(Supplier<Optional<String>> trouble) {

    /** A call of etcd. */
    interface Call<T> {
        T make() throws EtcdFailed;
    }

    /**
     * Makes a call.
     *
     * @throws IOException if etcd does not answer, or is not believed; the message is half a sentence
     */
    <T> T answered(Call<T> call) throws IOException {
        Optional<String> why = trouble.get();
        if (why.isPresent()) {
            throw new IOException("the store of the fleet can't be used: " + why.get());
        }
        try {
            return call.make();
        } catch (EtcdFailed failed) {
            throw new IOException("the store of the fleet can't be used: " + failed.getMessage(), failed);
        }
    }
}
