package dev.turnout.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where a word prints. Output is UTF-8, whatever the locale says. There are no escape codes unless the output is a
 * terminal. Any thread.
 *
 * <p>Callers pass visible text only: {@link dev.turnout.routing.VisibleText}.
 */
final class Terminal {

    /** The terminal of a process, wherever its inputs and outputs go. */
    static final String DEVICE = "/dev/tty";

    private static final int USUAL_WIDTH = 80;

    /** More than all settings of a terminal take. */
    private static final int MOST_ANSWERED = 1024;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean isLive;
    private final boolean hasColour;
    private final int givenWidth;
    private int liveLines;

    /**
     * Makes a terminal.
     *
     * @param isLive whether lines that were printed may be replaced
     * @param hasColour whether styles are shown
     * @param givenWidth columns; 0 if the terminal has to be asked
     */
    Terminal(PrintStream out, PrintStream err, boolean isLive, boolean hasColour, int givenWidth) {
        this.out = out;
        this.err = err;
        this.isLive = isLive;
        this.hasColour = hasColour;
        this.givenWidth = givenWidth;
    }

    /** Returns the terminal of this process. */
    static Terminal ofProcess(Map<String, String> environment) {
        boolean isTerminal = isTerminal(1);
        boolean isDumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
        boolean isPlain = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                isTerminal && !isDumb,
                isTerminal && !isDumb && !isPlain,
                number(environment.getOrDefault("COLUMNS", "")));
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor)), false, StandardCharsets.UTF_8);
    }

    /** Returns true if the file with this number is a terminal. The JDK can't say this of one file alone. */
    static boolean isTerminal(int descriptor) {
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    private static int number(String text) {
        return text.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(text) : 0;
    }

    /** Returns true if lines can be replaced. */
    boolean isLive() {
        return isLive;
    }

    /** Returns true if styles are shown. */
    boolean hasColour() {
        return hasColour;
    }

    /** Returns true if the reader of the output has gone. */
    boolean isClosed() {
        return out.checkError();
    }

    /** Returns how many columns a line has. May run a program to ask the terminal. */
    int width() {
        return givenWidth > 0 ? givenWidth : isLive ? askedWidth() : USUAL_WIDTH;
    }

    private static int askedWidth() {
        try {
            int width = number(stty("size").replaceFirst(".* ", ""));
            return width > 0 ? width : USUAL_WIDTH;
        } catch (IOException e) {
            return USUAL_WIDTH;
        }
    }

    /**
     * Runs {@code stty} on the terminal of this process, and returns its answer.
     *
     * @throws IOException if there is no terminal, the program is missing, or it refuses the word
     */
    static String stty(String word) throws IOException {
        Process stty = new ProcessBuilder("stty", word)
                .redirectInput(Path.of(DEVICE).toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(stty.getInputStream().readNBytes(MOST_ANSWERED), StandardCharsets.US_ASCII);
        try {
            if (stty.waitFor(1, TimeUnit.SECONDS) && stty.exitValue() == 0) {
                return answer.strip();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("stty " + word + " failed");
    }

    /** Returns the text in a style, or the text itself if there is no colour. */
    String styled(Style style, String text) {
        return hasColour && !text.isEmpty() ? style.around(text) : text;
    }

    /** Prints a line. Lines of {@link #live} are replaced by it. */
    synchronized void line(String text) {
        eraseLive();
        out.println(text);
        out.flush();
    }

    /** Prints a line on standard error. Lines of {@link #live} are replaced by it. */
    synchronized void error(String text) {
        eraseLive();
        out.flush();
        err.println(text);
        err.flush();
    }

    /** Prints text as it is. */
    synchronized void print(String text) {
        out.print(text);
        out.flush();
    }

    /** Shows lines that the next output replaces. Each is cut at the width. Only for a terminal that is live. */
    synchronized void live(List<String> lines) {
        eraseLive();
        int width = Math.max(10, width() - 1);
        for (String line : lines) {
            out.println(Columns.cut(line, width));
        }
        liveLines = lines.size();
        out.flush();
    }

    /** Removes the lines that {@link #live} has shown. */
    synchronized void endLive() {
        live(Collections.emptyList());
    }

    private void eraseLive() {
        if (liveLines > 0) {
            out.print("\u001b[" + liveLines + "A\r\u001b[J");
            liveLines = 0;
        }
    }
}
