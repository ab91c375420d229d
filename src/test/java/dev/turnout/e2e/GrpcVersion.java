package dev.turnout.e2e;

import dev.turnout.support.Ports;
import dev.turnout.support.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A version of an application of gRPC: a server of gRPC's own.
 *
 * @param program that serves
 * @param cleartext its port without TLS
 * @param encrypted its port with TLS
 */
record GrpcVersion(GrpcProgram program, int cleartext, int encrypted) implements AutoCloseable {

    /** The name in its certificate. */
    static final String NAME = "app.internal";

    /** Starts one, and does not wait for it. */
    static GrpcVersion launch(TestAuthority authority, Path folder) throws IOException {
        int cleartext = Ports.next();
        int encrypted = Ports.next();
        String name = "target-" + encrypted;
        authority.issue(NAME).write(folder, name);
        GrpcProgram program = GrpcProgram.launch(
                "server",
                String.valueOf(cleartext),
                String.valueOf(encrypted),
                folder.resolve(name + ".crt").toString(),
                folder.resolve(name + ".key").toString());
        return new GrpcVersion(program, cleartext, encrypted);
    }

    /** Returns the address of its port without TLS, as a key of the configuration has it. */
    String target() {
        return "127.0.0.1:" + cleartext;
    }

    /** Tells it how to go on, as the program's list says. */
    void tell(String line) throws IOException {
        program.tell(line);
    }

    @Override
    public void close() {
        program.close();
    }
}
