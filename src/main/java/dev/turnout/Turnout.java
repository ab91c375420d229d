package dev.turnout;

import dev.turnout.config.AdminAddress;
import dev.turnout.config.ConfigReport;
import dev.turnout.config.StartCheck;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The program. */
@QuarkusMain
public final class Turnout {

    private static final String EVENT_LOOPS = "quarkus.vertx.event-loops-pool-size";
    private static final String EVENT_LOOPS_VARIABLE = "QUARKUS_VERTX_EVENT_LOOPS_POOL_SIZE";

    private static final int WRONG_USAGE = 2;

    private Turnout() {}

    /**
     * Runs until SIGTERM or SIGINT and ends with 0 then; with 1 if it can't start, with 2 if it does not understand its
     * arguments.
     *
     * @param args none, or {@value HealthQuestion#WORD} to ask the Turnout that runs how it is
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
        configuration.warnings().forEach(System.err::println);
        oneEventLoopPerProcessor();
        ProcessExit ending = new ProcessExit(Thread.currentThread());
        ending.holdExit();
        HangUp.ignore();
        Quarkus.run(null, ending::reached, args);
    }

    /** Two on one processor, which Quarkus would have, take turns: a connection then waits for those of both. */
    private static void oneEventLoopPerProcessor() {
        boolean isGiven = System.getProperty(EVENT_LOOPS) != null || System.getenv(EVENT_LOOPS_VARIABLE) != null;
        if (!isGiven) {
            System.setProperty(EVENT_LOOPS, String.valueOf(Runtime.getRuntime().availableProcessors()));
        }
    }
}
