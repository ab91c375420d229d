package dev.turnout;

import dev.turnout.config.AdminAddress;
import dev.turnout.config.ConfigReport;
import dev.turnout.config.StartCheck;
import dev.turnout.log.ProgramLog;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.jboss.logging.Logger;

/** The main class of the program. */
@QuarkusMain
public final class Turnout {

    private static final String EVENT_LOOPS = "quarkus.vertx.event-loops-pool-size";
    private static final String EVENT_LOOPS_VARIABLE = "QUARKUS_VERTX_EVENT_LOOPS_POOL_SIZE";

    private static final int WRONG_USAGE = 2;

    private Turnout() {}

    /**
     * Runs until SIGTERM or SIGINT. The exit code is 0 then. The exit code is 1 if Turnout can't start, and 2 if the
     * arguments are wrong.
     *
     * @param args none, or {@value HealthQuestion#WORD} to ask the running Turnout for its health
     */
    public static void main(String... args) {
        boolean asksForHealth = args.length == 1 && args[0].equals(HealthQuestion.WORD);
        if (args.length > 0 && !asksForHealth) {
            System.err.println("Turnout does not understand: " + String.join(" ", args)
                    + "\nThe only argument is '" + HealthQuestion.WORD
                    + "', which asks the Turnout that runs how it is;"
                    + " settings such as -Dturnout.listen.port=8000 stand before -jar.");
            System.exit(WRONG_USAGE);
        }
        ConfigReport configuration = StartCheck.run();
        if (!configuration.isSound()) {
            System.err.println(configuration.message());
            System.exit(1);
        }
        if (asksForHealth) {
            System.exit(HealthQuestion.ask(AdminAddress.configured()));
        }
        new ProgramLog(System.getenv()).apply(StartCheck.configured());
        configuration.warnings().forEach(Logger.getLogger("dev.turnout")::warn);
        oneEventLoopPerProcessor();
        ProcessExit exit = new ProcessExit(Thread.currentThread());
        exit.hold();
        HangUp.ignore();
        Quarkus.run(null, exit::reached, args);
    }

    /** Sets one event loop for each processor. With two, which Quarkus would set, connections wait for both loops. */
    private static void oneEventLoopPerProcessor() {
        boolean isGiven = System.getProperty(EVENT_LOOPS) != null || System.getenv(EVENT_LOOPS_VARIABLE) != null;
        if (!isGiven) {
            System.setProperty(EVENT_LOOPS, String.valueOf(Runtime.getRuntime().availableProcessors()));
        }
    }
}
