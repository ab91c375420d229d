package dev.turnout.proxy.loop;

import java.io.IOException;

/** The failure of a socket that could not be made, for tests of who is told of it. */
public final class MissingDescriptors {

    private MissingDescriptors() {}

    public static Descriptors.Missing failure() {
        return new Descriptors.Missing(new IOException("Too many open files"));
    }
}
