package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An empty value of a key counts as not given, whatever key it is and wherever it stands. */
final class EmptyValuesTest {

    private static final Map<String, String> SLOTS =
            Map.of("turnout.blue", "127.0.0.1:1", "turnout.green", "127.0.0.1:2");

    /** A place that gives an empty value. */
    private enum Place {
        FILE,
        ENVIRONMENT,
        SYSTEM_PROPERTY,
        BLANKS_IN_A_FILE,
        EXPRESSION_IN_A_FILE,
        PROFILE_IN_A_FILE;

        SmallRyeConfig giving(String key, Map<String, String> below) {
            SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                    .withProfile("prod")
                    .addDefaultInterceptors()
                    .withSources(new PropertiesConfigSource(below, "below", 100));
            return switch (this) {
                case FILE -> builder.withSources(file(key, "")).build();
                case BLANKS_IN_A_FILE -> builder.withSources(file(key, " \t")).build();
                case EXPRESSION_IN_A_FILE ->
                    builder.withSources(file(key, "${NOBODY:}")).build();
                case PROFILE_IN_A_FILE ->
                    builder.withSources(file("%prod." + key, "")).build();
                case SYSTEM_PROPERTY ->
                    builder.withSources(new PropertiesConfigSource(Map.of(key, ""), "p", 400))
                            .build();
                case ENVIRONMENT ->
                    builder.withSources(new EnvConfigSource(Map.of(Spelling.variable(key), ""), 300))
                            .build();
            };
        }

        private static PropertiesConfigSource file(String key, String value) {
            return new PropertiesConfigSource(Map.of(key, value), "file", 260);
        }
    }

    private static Stream<String> everyKey() {
        return Keys.ALL.stream().flatMap(EmptyValuesTest::names);
    }

    private static Stream<String> names(Key<?> key) {
        return switch (key.scope()) {
            case PROGRAM, CONNECTION, ALL_SERVICES -> Stream.of(key.name());
            case SHARED, EACH_SERVICE ->
                Stream.of(key.name(), key.in(Key.SERVICES + "\"shop\".").name());
            case NAMED_SERVICE -> Stream.of(key.in(Key.SERVICES + "\"shop\".").name());
            case RULE ->
                Stream.of(
                        key.in(Key.TOP + Key.RULES + "\"shop\".").name(),
                        key.in(Key.SERVICES + "\"shop\"." + Key.RULES + "\"x\".")
                                .name());
            case CERTIFICATE -> Stream.of(key.in(Key.CERTIFICATES + "\"shop\".").name());
        };
    }

    private static TurnoutConfig config(SmallRyeConfig config) {
        ConfigReport report = StartCheck.check(config);
        assertThat(report.errors()).isEmpty();
        assertThat(report.warnings()).isEmpty();
        return new TurnoutConfig(config);
    }

    private static TurnoutConfig of(Map<String, String> values) {
        return config(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "below", 100))
                .build());
    }

    @ParameterizedTest
    @MethodSource("everyKey")
    void changes_nothing_in_any_place(String key) {
        TurnoutConfig without = of(Map.of());
        for (Place place : Place.values()) {
            TurnoutConfig config = config(place.giving(key, Map.of()));

            assertThat(ConfigChange.between(without, config, config).keys())
                    .as("%s in %s", key, place)
                    .isEmpty();
            assertThat(config.services()).as("%s in %s", key, place).isEqualTo(without.services());
        }
    }

    @ParameterizedTest
    @EnumSource
    void hides_no_value_of_a_lower_rank(Place place) {
        Map<String, String> below = new HashMap<>(SLOTS);
        below.put("turnout.drain.timeout", "7s");

        SmallRyeConfig config = place.giving("turnout.drain.timeout", below);

        assertThat(new GivenKeys(config).find("turnout.drain.timeout"))
                .map(ConfigCheck.Given::value)
                .contains("7s");
        assertThat(ServiceSettings.atTop(config(config)).drain().timeout()).hasSeconds(7);
    }

    @Test
    void names_no_service_no_certificate_and_no_receiver() {
        Map<String, String> empty = Map.of(
                "TURNOUT_SERVICES__SHOP__BLUE", "",
                "TURNOUT_TLS_CERTIFICATES__SHOP__CERT", "",
                "TURNOUT_NOTIFY_RECEIVERS__OPS__URL", " ");

        TurnoutConfig config = config(new SmallRyeConfigBuilder()
                .withSources(new EnvConfigSource(empty, 300), new PropertiesConfigSource(SLOTS, "file", 100))
                .build());

        assertThat(config.services()).containsExactly(ServiceKeys.ofDefault());
        assertThat(config.tls().port()).isEmpty();
    }

    @Test
    void of_a_key_that_nobody_knows_is_no_error() {
        assertThat(StartCheck.check(new SmallRyeConfigBuilder()
                        .withSources(new EnvConfigSource(Map.of("TURNOUT_GREN", ""), 300))
                        .build()))
                .isEqualTo(new ConfigReport(List.of(), List.of()));
    }

    @Test
    void of_a_required_key_is_told_as_missing() {
        Map<String, String> shop =
                Map.of("turnout.services.\"shop\".blue", "127.0.0.1:1", "turnout.services.\"shop\".green", "");

        assertThat(GivenSettings.check(shop, List.of()).errors())
                .singleElement()
                .asString()
                .contains("turnout.services.\"shop\".green");
    }

    @Test
    void is_not_looked_for_in_a_value_that_refers_to_itself() {
        SmallRyeConfig config = Place.FILE.giving(
                "turnout.admin.token",
                Map.of("turnout.admin.port", "9001", "turnout.slow-start", "${turnout.slow-start}"));

        assertThat(new GivenKeys(config).find("turnout.admin.port"))
                .map(ConfigCheck.Given::value)
                .contains("9001");
    }

    @Test
    void hides_no_token_and_gives_none() {
        SmallRyeConfig none = Place.ENVIRONMENT.giving("turnout.admin.token", SLOTS);
        assertThat(config(none).admin().token()).isEqualTo(Optional.empty());

        Map<String, String> below = new HashMap<>(SLOTS);
        below.put("turnout.admin.token", "s3cret");
        assertThat(config(Place.ENVIRONMENT.giving("turnout.admin.token", below))
                        .admin()
                        .token())
                .contains("s3cret");
    }
}
