package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("While TLS to targets changes together with the targets")
final class TargetWaysTest {

    private static final Target STAYS = new Target("127.0.0.1", 1);
    private static final Target LEAVES = new Target("127.0.0.1", 2);
    private static final Target COMES = new Target("127.0.0.1", 3);

    private final TargetWays table = new TargetWays();

    @AfterEach
    void release() {
        table.close();
    }

    private static TurnoutConfig config(Target green, boolean isEncrypted) {
        Map<String, String> values = Map.of(
                "turnout.blue", STAYS.toString(),
                "turnout.green", green.toString(),
                "turnout.tls.engine", "jdk",
                "turnout.upstream.tls", String.valueOf(isEncrypted));
        return new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "test", 500))
                .build());
    }

    private boolean isEncrypted(Target target) {
        return table.of(Service.DEFAULT, target).tls() != null;
    }

    @Test
    @DisplayName("each target is spoken to as the configuration says that names it")
    void each_target_has_its_own_configuration() {
        table.prepare(config(LEAVES, false)).apply();
        TargetWays.Prepared next = table.prepare(config(COMES, true));
        assertThat(isEncrypted(STAYS)).isFalse();
        assertThat(isEncrypted(LEAVES)).isFalse();
        assertThat(isEncrypted(COMES)).isTrue();

        next.apply();
        assertThat(isEncrypted(STAYS)).isTrue();
        assertThat(isEncrypted(LEAVES)).isFalse();
        assertThat(isEncrypted(COMES)).isTrue();

        table.prepare(config(COMES, true)).apply();
        assertThat(isEncrypted(LEAVES)).isTrue();
        TargetWays.Prepared back = table.prepare(config(LEAVES, false));
        back.apply();
        assertThat(isEncrypted(COMES)).isTrue();
        assertThat(isEncrypted(LEAVES)).isFalse();
    }

    @Test
    @DisplayName("nothing stays of a change that is given up")
    void nothing_stays_of_what_is_given_up() {
        table.prepare(config(LEAVES, false)).apply();
        table.prepare(config(COMES, true)).giveUp();
        assertThat(isEncrypted(STAYS)).isFalse();
        assertThat(isEncrypted(COMES)).isFalse();
    }

    @Test
    @DisplayName("a target that names its scheme is spoken to by it, whatever its service says")
    void a_scheme_counts_more_than_the_service() {
        table.prepare(config(Target.parse("https://127.0.0.1:2"), false)).apply();
        assertThat(isEncrypted(STAYS)).isFalse();
        assertThat(isEncrypted(Target.parse("https://127.0.0.1:2"))).isTrue();
        assertThat(isEncrypted(Target.parse("unix:/run/app.sock"))).isFalse();

        table.prepare(config(LEAVES, true)).apply();
        assertThat(isEncrypted(STAYS)).isTrue();
        assertThat(isEncrypted(Target.parse("http://127.0.0.1:9"))).isFalse();
        assertThat(isEncrypted(Target.parse("unix:/run/app.sock"))).isFalse();
    }

    @Test
    @DisplayName(
            "a target over TLS may come at run time to a service that had none, and stays the same through a reload")
    void the_first_target_over_tls_comes_at_run_time() {
        table.prepare(config(LEAVES, false)).apply();
        Target added = Target.parse("https://127.0.0.1:7");
        TargetWay way = table.of(Service.DEFAULT, added);
        assertThat(way.tls()).isNotNull();
        assertThat(way.tls().trust()).isPresent();
        assertThat(table.of(Service.DEFAULT, added)).isSameAs(way);

        table.prepare(config(COMES, false)).apply();
        assertThat(table.of(Service.DEFAULT, added)).isSameAs(way);
        assertThat(table.of("gone", added).tls()).isNotNull();
    }
}
