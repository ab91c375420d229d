package dev.turnout.nginx;

import dev.turnout.config.CommandWords;

/** The two commands that nginx is driven by. */
final class NginxControl {

    private final CommandRunner runner;
    private final CommandWords test;
    private final CommandWords reload;

    NginxControl(CommandRunner runner, CommandWords test, CommandWords reload) {
        this.runner = runner;
        this.test = test;
        this.reload = reload;
    }

    /** Has nginx read its whole configuration from the disk without using it. */
    CommandOutcome test() throws InterruptedException {
        return runner.run(test);
    }

    /** Has nginx start workers with the configuration on the disk and send the others away. */
    CommandOutcome reload() throws InterruptedException {
        return runner.run(reload);
    }
}
