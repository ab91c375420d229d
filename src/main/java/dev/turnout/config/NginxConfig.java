package dev.turnout.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Keys under {@code turnout.nginx}: the nginx that {@code turnout.mode=nginx} drives. */
public final class NginxConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Path> INCLUDE = KEYS.add(Key.of("nginx.include", ValueType.path())
            .byDefault("/etc/nginx/conf.d/service-url.inc")
            .english("The include file that says where nginx sends the traffic. A symbolic link is followed."));

    static final Key<Style> STYLE = KEYS.add(Key.of("nginx.style", ValueType.word(Style.values()))
            .byDefault("variable")
            .english("The form of the include file: `variable`, one `set` line, or `upstream`, a block."));

    static final Key<CommandWords> TEST = KEYS.add(Key.of("nginx.test", ValueType.command())
            .byDefault("nginx -t")
            .english("The command that tests nginx's configuration. No shell reads the command; quotes "
                    + "keep words with blanks together."));

    static final Key<CommandWords> RELOAD = KEYS.add(Key.of("nginx.reload", ValueType.command())
            .byDefault("nginx -s reload")
            .english("The command that makes nginx reload its configuration, written as the test command."));

    static final Key<Duration> COMMAND_TIMEOUT = KEYS.add(Key.of("nginx.command-timeout", ValueType.time())
            .byDefault("10s")
            .english("How long each of the two commands may take. After that the command is killed with "
                    + "its children."));

    static final Key<Path> PID = KEYS.add(Key.of("nginx.pid", ValueType.path())
            .byDefault("/run/nginx.pid")
            .english("The file with the process id of nginx's master. The master's workers are told apart "
                    + "by generation."));

    static final Key<URI> PROBE = KEYS.add(Key.of("nginx.probe", ValueType.httpUrl())
            .english("An `http://` URL on nginx that a target answers, with the target's address in "
                    + "`X-Turnout-Upstream`. Without a value nginx is not asked."));

    static final Key<Duration> CONFIRM_TIMEOUT = KEYS.add(Key.of("nginx.confirm-timeout", ValueType.time())
            .byDefault("10s")
            .english("How long nginx may take after a reload until the new configuration is in force."));

    private final Values values;

    NginxConfig(Values values) {
        this.values = values;
    }

    public Path include() {
        return values.get(INCLUDE);
    }

    public Style style() {
        return values.get(STYLE);
    }

    public CommandWords test() {
        return values.get(TEST);
    }

    public CommandWords reload() {
        return values.get(RELOAD);
    }

    public Duration commandTimeout() {
        return values.get(COMMAND_TIMEOUT);
    }

    public Path pid() {
        return values.get(PID);
    }

    public Optional<URI> probe() {
        return values.find(PROBE);
    }

    public Duration confirmTimeout() {
        return values.get(CONFIRM_TIMEOUT);
    }

    /** The two forms of the include file. */
    public enum Style {
        VARIABLE,
        UPSTREAM
    }
}
