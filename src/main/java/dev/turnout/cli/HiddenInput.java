package dev.turnout.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.Optional;

/**
 * What somebody types on the terminal of this process while the terminal does not show it. Questions go to the terminal
 * itself: both outputs may be redirected. Once this is closed, or a signal ends the process, the terminal shows again
 * what is typed.
 */
final class HiddenInput implements AutoCloseable {

    private final String settingsBefore;
    private final BufferedReader typed;
    private final PrintStream shown;

    private HiddenInput(String settingsBefore) throws IOException {
        this.settingsBefore = settingsBefore;
        this.typed = new BufferedReader(new InputStreamReader(new FileInputStream(Terminal.DEVICE), UTF_8));
        this.shown = new PrintStream(new FileOutputStream(Terminal.DEVICE), true, UTF_8);
    }

    /**
     * Lets the terminal show no more what is typed.
     *
     * @throws IOException if this process has no terminal, or {@code stty} is missing
     */
    static HiddenInput open() throws IOException {
        HiddenInput input = new HiddenInput(Terminal.stty("-g"));
        Interrupts.tell(input::end);
        input.hide();
        return input;
    }

    private synchronized void hide() throws IOException {
        Terminal.stty("-echo");
    }

    /** Shows a question and returns the line that is typed; empty at the end of the input. Blocks until then. */
    Optional<String> ask(String question) throws IOException {
        shown.print(question);
        shown.flush();
        Optional<String> line = Optional.ofNullable(typed.readLine());
        // The terminal did not show the end of the line either.
        shown.println();
        return line;
    }

    @Override
    public synchronized void close() throws IOException {
        Terminal.stty(settingsBefore);
        typed.close();
        shown.close();
    }

    /** Ends the process at a signal, since a read of the terminal goes on. The lock keeps out {@link #hide}. */
    private synchronized void end(ExitCode exit) {
        try {
            Terminal.stty(settingsBefore);
            shown.println();
        } catch (IOException e) {
            // The terminal has gone.
        }
        Runtime.getRuntime().halt(exit.code());
    }
}
