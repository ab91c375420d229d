package dev.turnout.nginx;

import dev.turnout.config.CommandWords;
import dev.turnout.config.DaemonThread;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command without a shell, within a time limit, and keeps what it says. */
final class CommandRunner {

    /** nginx's complaint is in the last lines. */
    private static final int MOST_OUTPUT = 8192;

    /** A daemon that the command has started may hold its output open for ever. */
    private static final Duration LAST_WORDS = Duration.ofMillis(200);

    private final Duration limit;

    CommandRunner(Duration limit) {
        this.limit = limit;
    }

    /** Blocks until the command has ended or been killed. */
    CommandOutcome run(CommandWords command) throws InterruptedException {
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command.words())
                    .redirectErrorStream(true)
                    .redirectInput(Redirect.from(new File("/dev/null")));
            CommandEnvironment.clean(builder.environment());
            process = builder.start();
        } catch (IOException e) {
            return new CommandOutcome.NotStarted(command.toString(), e.getMessage());
        }
        Tail output = new Tail();
        Thread reader = DaemonThread.start("turnout-nginx-command", () -> output.drain(process.getInputStream()));
        try {
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                killTree(process);
            }
            reader.join(LAST_WORDS.toMillis());
            return ended
                    ? new CommandOutcome.Ended(command.toString(), process.exitValue(), output.text())
                    : new CommandOutcome.TimedOut(command.toString(), limit, output.text());
        } catch (InterruptedException e) {
            killTree(process);
            throw e;
        }
    }

    /** Children first become orphans and then cannot be found any more, so they are listed before their parent dies. */
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
