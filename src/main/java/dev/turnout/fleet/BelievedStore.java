package dev.turnout.fleet;

import dev.turnout.fleet.etcd.EtcdFailed;
import dev.turnout.fleet.etcd.KeyRange;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets calls through to a store that is believed. One that went back, or is another one, has values of another time: nothing
 * is read from it or written to it. Any thread that may block.
 *
 * @param known what is known of the store when a call begins
 */
record BelievedStore(Supplier<StoreKnown> known) {

    private static final String UNUSABLE = "the store of the fleet can't be used: ";

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
        return answered(call, known.get());
    }

    private static <T> T answered(Call<T> call, StoreKnown before) throws IOException {
        Optional<String> why = before.trouble();
        if (why.isPresent()) {
            throw new IOException(UNUSABLE + why.get());
        }
        try {
            return call.make();
        } catch (EtcdFailed failed) {
            throw new IOException(UNUSABLE + failed.getMessage(), failed);
        }
    }

    /**
     * Reads. The store may have gone back since this member has looked at it last: then the answer says so.
     *
     * @throws IOException if etcd does not answer, or is not believed; the message is half a sentence
     */
    KeyRange read(Call<KeyRange> call) throws IOException {
        StoreKnown before = known.get();
        KeyRange answer = answered(call, before);
        if (!before.goesOnIn(answer.header())) {
            throw new IOException(UNUSABLE + "it went back, or is another one");
        }
        return answer;
    }
}
