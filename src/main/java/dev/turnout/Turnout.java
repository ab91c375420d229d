package dev.turnout;

import dev.turnout.config.StartCheck;
import dev.turnout.config.Verdict;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The program. */
@QuarkusMain
public final class Turnout {

    private Turnout() {}

    /** Runs until SIGTERM or SIGINT and ends with 0 then; with 1 if it can't start. */
    public static void main(String... args) {
        Verdict configuration = StartCheck.run();
        if (!configuration.isSound()) {
            System.err.println(configuration.message());
            System.exit(1);
        }
        configuration.warnings().forEach(System.err::println);
        Ending ending = new Ending(Thread.currentThread());
        ending.holdExit();
        Quarkus.run(null, ending::reached, args);
    }
}
