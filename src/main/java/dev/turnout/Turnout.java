package dev.turnout;

import dev.turnout.cli.CommandLineProgram;
import dev.turnout.cli.OwnCommandLine;
import dev.turnout.config.ConfigReport;
import dev.turnout.config.Executable;
import dev.turnout.config.StartCheck;
import dev.turnout.log.ProgramLog;
import dev.turnout.text.Language;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import org.jboss.logging.Logger;

/** The main class of the program. */
@QuarkusMain
public final class Turnout {

    private static final String EVENT_LOOPS = "quarkus.vertx.event-loops-pool-size";
    private static final String EVENT_LOOPS_VARIABLE = "QUARKUS_VERTX_EVENT_LOOPS_POOL_SIZE";

    /**
     * The bound of the executable's buffers, which native-image.properties sets, and Netty does not see: it would take that
     * of the heap. Bytes.
     */
    static final int BUFFERS_OF_EXECUTABLE = 128 << 20;

    private static final String BUFFERS = "io.netty.maxDirectMemory";
    private static final String OPTION_OF_BUFFERS = "-XX:MaxDirectMemorySize=";

    private static final String SETTING = "-D";

    private Turnout() {}

    /**
     * Runs the server until SIGTERM or SIGINT. The exit code is 0 then, and 1 if Turnout can't start.
     *
     * <p>With arguments it runs the command line instead, whose exit codes are in {@code turnout --help}.
     *
     * @param args none, or a word of the command line and its options
     */
    public static void main(String... args) {
        List<String> arguments = OwnCommandLine.arguments(args);
        List<String> settings = OwnCommandLine.settings(arguments);
        settings.forEach(Turnout::set);
        boundBuffers(settings);
        List<String> words = arguments.subList(settings.size(), arguments.size());
        if (!words.isEmpty()) {
            System.exit(CommandLineProgram.ofProcess().run(words));
        }
        StartCheck.Result check = StartCheck.run();
        ConfigReport report = check.report();
        if (!report.isSound()) {
            System.err.println(report.message(Language.ofEnvironment(System.getenv())));
            System.exit(1);
        }
        ProgramLog log = new ProgramLog(System.getenv());
        check.configuration().ifPresent(log::apply);
        report.warnings().forEach(Logger.getLogger("dev.turnout")::warn);
        oneEventLoopForClients();
        ProcessExit exit = new ProcessExit(Thread.currentThread(), log);
        exit.hold();
        HangUp.ignore();
        Quarkus.run(null, exit::reached);
    }

    /** Sets what an argument such as {@code -Dturnout.admin.port=9001} says. */
    private static void set(String argument) {
        int equals = argument.indexOf('=');
        if (argument.startsWith(SETTING) && equals > SETTING.length()) {
            System.setProperty(argument.substring(SETTING.length(), equals), argument.substring(equals + 1));
        }
    }

    /** Tells Netty of the bound, before its first class is used. Netty sees one that is given as an option. */
    private static void boundBuffers(List<String> options) {
        boolean isGiven = options.stream().anyMatch(option -> option.startsWith(OPTION_OF_BUFFERS));
        if (Executable.isThis() && !isGiven && System.getProperty(BUFFERS) == null) {
            System.setProperty(BUFFERS, Integer.toString(BUFFERS_OF_EXECUTABLE));
        }
    }

    /** Sets one: probes and other clients share it. The data plane and the admin server have event loops of their own. */
    private static void oneEventLoopForClients() {
        boolean isGiven = System.getProperty(EVENT_LOOPS) != null || System.getenv(EVENT_LOOPS_VARIABLE) != null;
        if (!isGiven) {
            System.setProperty(EVENT_LOOPS, "1");
        }
    }
}
