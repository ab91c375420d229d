package dev.turnout.config;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The runner of commands: without a shell, within a time limit. The output is kept. */
public final class CommandRunner {

    /** How much of the output is kept. The last lines hold the message. Characters. */
    private static final int MOST_OUTPUT = 8192;

    /** The time to read the rest of the output. A daemon that the command has started may keep the output open. */
    private static final Duration LAST_OUTPUT = Duration.ofMillis(200);

    private final Duration limit;

    /** @param limit how long a command may take */
    public CommandRunner(Duration limit) {
        this.limit = limit;
    }

    /** Runs a command. Blocks until the command has ended or was killed. */
    public CommandOutcome run(CommandWords command) throws InterruptedException {
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command.words())
                    .redirectErrorStream(true)
                    .redirectInput(Redirect.from(new File("/dev/null")));
            CommandEnvironment.clean(builder.environment());
            process = builder.start();
        } catch (IOException e) {
            return new CommandOutcome.NotStarted(command.toString(), String.valueOf(e.getMessage()));
        }
        Tail output = new Tail();
        Thread reader = DaemonThread.start("turnout-command", () -> output.drain(process.getInputStream()));
        try {
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                killTree(process);
            }
            reader.join(LAST_OUTPUT.toMillis());
            return ended
                    ? new CommandOutcome.Ended(command.toString(), process.exitValue(), output.text())
                    : new CommandOutcome.TimedOut(command.toString(), limit, output.text());
        } catch (InterruptedException e) {
            killTree(process);
            throw e;
        }
    }

    /** Kills a process and its children. The children are listed first: orphans cannot be found any more. */
    private static void killTree(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** The end of a stream. */
    private static final class Tail {

        private final StringBuilder text = new StringBuilder();

        void drain(InputStream stream) {
            byte[] buffer = new byte[MOST_OUTPUT];
            try (stream) {
                for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                    append(new String(buffer, 0, read, StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                append(" (the rest could not be read: " + e.getMessage() + ")");
            }
        }

        private synchronized void append(String more) {
            text.append(more);
            text.delete(0, Math.max(0, text.length() - MOST_OUTPUT));
        }

        synchronized String text() {
            return text.toString();
        }
    }
}
