package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.turnout.config.NamedPaths.NamedPath;
import dev.turnout.config.NamedPaths.Use;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The paths that a configuration names")
final class NamedPathsTest {

    private static TurnoutConfig config(Map<String, String> values) {
        return new TurnoutConfig(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "a test", 100))
                .build());
    }

    @Test
    void are_those_of_every_key_whose_type_is_a_path_and_of_no_other() {
        for (Key<?> key : Keys.ALL) {
            assertThat(NamedPaths.use(key.name()).isPresent())
                    .as(key.name())
                    .isEqualTo(key.type().isPath() || key.type().isCommand());
        }
        assertThat(Keys.ALL).filteredOn(key -> key.type().isPath()).hasSizeGreaterThan(40);
    }

    @Test
    void are_found_at_the_top_and_in_services_rules_and_certificates() {
        TurnoutConfig config = config(Map.of(
                "turnout.blue", "unix:/run/blue.sock,127.0.0.1:1",
                "turnout.green", "127.0.0.1:2",
                "turnout.errors.502", "/etc/502.html",
                "turnout.access-log-file", "/var/log/access.log",
                "turnout.acme.dns-hook", "/usr/lib/hook.sh set",
                "turnout.rules.\"10\".auth-file", "/etc/passwords",
                "turnout.services.\"shop\".rules.\"20\".folder", "/srv/shop",
                "turnout.services.\"shop\".hosts", "shop.example",
                "turnout.services.\"shop\".blue", "127.0.0.1:3",
                "turnout.services.\"shop\".green", "unix:/run/green.sock"));

        assertThat(NamedPaths.of(config))
                .extracting(NamedPath::key, path -> path.path().toString(), NamedPath::use)
                .containsExactlyInAnyOrder(
                        tuple("turnout.errors.502", "/etc/502.html", Use.READ),
                        tuple("turnout.acme.dns-hook", "/usr/lib/hook.sh", Use.RUN),
                        tuple("turnout.access-log-file", "/var/log/access.log", Use.WRITE),
                        tuple("turnout.rules.\"10\".auth-file", "/etc/passwords", Use.READ),
                        tuple("turnout.services.\"shop\".rules.\"20\".folder", "/srv/shop", Use.READ),
                        tuple("a target of service default", "/run/blue.sock", Use.READ),
                        tuple("a target of service shop", "/run/green.sock", Use.READ));
    }
}
