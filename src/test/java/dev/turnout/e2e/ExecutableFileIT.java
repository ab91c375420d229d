package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

@DisplayName("An executable")
@EnabledIfEnvironmentVariable(named = "TURNOUT_BINARY", matches = ".+")
final class ExecutableFileIT {

    /** The folder in which the builder runs ends in it. */
    private static final String FOLDER = "-native-image-source-jar";

    private static final long LARGE = 8L * 1024 * 1024;
    private static final int CAPACITY = 256 * 1024;
    private static final int MOST_CORES = 4;

    private static final Path FILE = Path.of(System.getenv().getOrDefault("TURNOUT_BINARY", ""));

    @Test
    void says_nothing_of_the_machine_that_built_it() throws IOException {
        assertThat(content().indexOf(FOLDER))
                .as("where the folder of the builder stands in the file")
                .isEqualTo(-1);
    }

    @Test
    void has_the_libraries_of_its_own_architecture_only() throws IOException {
        boolean isArm = System.getProperty("os.arch").equals("aarch64");

        assertThat(content().indexOf("META-INF/native/libnetty_tcnative_linux_" + (isArm ? "x86_64" : "aarch_64")))
                .as("where the library of another architecture stands in the file")
                .isEqualTo(-1);
    }

    /** What is used stands together. In the order of the methods' names more than half of the code comes into memory. */
    @Test
    void has_a_third_of_its_code_in_memory_at_most() throws IOException {
        try (TurnoutProcess turnout = TurnoutProcess.with().start()) {
            long[] code = code(turnout.pid());

            assertThat(code[1])
                    .as("resident of %d KiB of code, KiB", code[0])
                    .isPositive()
                    .isLessThan(code[0] / 3);
        }
    }

    /** With more event loops there are more pipes, and each is smaller. */
    @Test
    @RequiresProgram(value = "python3", debianPackage = "python3")
    void has_pipes_that_hold_as_much_as_moves_at_once() throws Exception {
        assumeThat(Runtime.getRuntime().availableProcessors()).isLessThanOrEqualTo(MOST_CORES);
        try (Backend blue = Backend.start();
                Backend green = Backend.start();
                TurnoutProcess turnout =
                        TurnoutProcess.with().blue(blue).green(green).start();
                RawClient client = turnout.connect()) {
            blue.always(new Effect.Download(new Payload(LARGE, 1)));
            assertThat(client.get("/").read().body().length()).isEqualTo(LARGE);

            assertThat(capacitiesOfPipes(turnout.pid())).contains(CAPACITY);
        }
    }

    /** Asks the system by {@code F_GETPIPE_SZ}, which Java has no word for. */
    private static List<Integer> capacitiesOfPipes(long pid) throws IOException {
        String script = """
                import fcntl, os, sys
                folder = '/proc/' + sys.argv[1] + '/fd/'
                for name in os.listdir(folder):
                    if os.readlink(folder + name).startswith('pipe:'):
                        print(fcntl.fcntl(os.open(folder + name, os.O_RDONLY | os.O_NONBLOCK), 1032))
                """;
        Process python = new ProcessBuilder("python3", "-c", script, String.valueOf(pid)).start();
        return python.inputReader().lines().map(Integer::valueOf).toList();
    }

    /** Returns how large the code of the executable is and how much of it is in memory, in KiB; read from /proc. */
    private static long[] code(long pid) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc", String.valueOf(pid), "smaps"));
        String name = FILE.toRealPath().toString();
        long[] code = new long[2];
        boolean isCode = false;
        for (String line : lines) {
            String[] words = line.split(" +");
            if (words[0].contains("-")) {
                isCode = words[1].startsWith("r-x") && line.endsWith(name);
            } else if (isCode && words[0].equals("Size:")) {
                code[0] += Long.parseLong(words[1]);
            } else if (isCode && words[0].equals("Rss:")) {
                code[1] += Long.parseLong(words[1]);
            }
        }
        return code;
    }

    private static String content() throws IOException {
        return new String(Files.readAllBytes(FILE), StandardCharsets.ISO_8859_1);
    }
}
