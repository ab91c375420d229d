package dev.turnout.nginx;

import dev.turnout.config.CommandOutcome;
import dev.turnout.config.CommandRunner;
import dev.turnout.config.CommandWords;

/** The two commands that control nginx. */
final class NginxControl {

    private final CommandRunner runner;
    private final CommandWords test;
    private final CommandWords reload;

    NginxControl(CommandRunner runner, CommandWords test, CommandWords reload) {
        this.runner = runner;
        this.test = test;
        this.reload = reload;
    }

    /** Makes nginx read its whole configuration from the disk without using it. Blocks. */
    CommandOutcome test() throws InterruptedException {
        return runner.run(test);
    }

    /** Makes nginx start workers with the configuration on the disk, and end the old workers. Blocks. */
    CommandOutcome reload() throws InterruptedException {
        return runner.run(reload);
    }
}
