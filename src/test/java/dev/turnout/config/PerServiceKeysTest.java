package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Key.Scope;
import dev.turnout.config.Reading.Sound;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Each key that a service may have, and each that it may not")
final class PerServiceKeysTest {

    private static final String SHOP = Key.SERVICES + "\"shop\".";

    /** Each type of values takes two of these at least. */
    private static final List<String> WORDS = List.of(
            "7s",
            "8s",
            "7",
            "8",
            "7M",
            "8M",
            "true",
            "false",
            "/seven",
            "/eight",
            "/tmp/7",
            "seven",
            "eight",
            "json",
            "combined",
            "v1",
            "v2",
            "h2c",
            "h2",
            "least-in-flight",
            "grpc",
            "{time}",
            "{client}",
            "7%",
            "8%",
            "7/s",
            "8/s",
            "500-507",
            "400-408",
            "X-Seven",
            "X-Eight",
            "seven.example.com",
            "eight.example.com");

    static Stream<Key<?>> shared() {
        return Keys.ALL.stream().filter(key -> key.scope() == Scope.SHARED);
    }

    static Stream<Key<?>> atTopOnly() {
        return Keys.ALL.stream().filter(Key::isAtTopOnly);
    }

    /** Returns values that are legal for a key, each another one, and none the default. */
    private static List<String> legal(Key<?> key) {
        Map<Object, String> legal = new HashMap<>();
        key.defaultValue().ifPresent(text -> legal.put(key.type().reader().apply(text), ""));
        for (String word : WORDS) {
            try {
                legal.putIfAbsent(key.type().reader().apply(word), word);
            } catch (IllegalArgumentException | ArithmeticException e) {
                // It is a word for other types.
            }
        }
        List<String> words =
                legal.values().stream().filter(word -> !word.isEmpty()).sorted().toList();
        boolean isOneOfTwo = key.type().allowed().equals("true or false")
                || key.type().allowed().equals("http or grpc")
                || key.type().allowed().equals("round-robin or least-in-flight");
        assertThat(words).as(key.name()).hasSizeGreaterThanOrEqualTo(isOneOfTwo ? 1 : 2);
        return words.size() > 1
                ? words
                : List.of(words.get(0), key.defaultValue().orElseThrow());
    }

    private static SmallRyeConfig given(Map<String, String> more) {
        Map<String, String> values = new HashMap<>(more);
        values.put(SHOP + "hosts", "shop.example.com");
        values.put(SHOP + "blue", "127.0.0.1:1");
        values.put(SHOP + "green", "127.0.0.1:2");
        values.put("turnout.services.\"other\".hosts", "other.example.com");
        values.put("turnout.services.\"other\".blue", "127.0.0.1:3");
        values.put("turnout.services.\"other\".green", "127.0.0.1:4");
        return new SmallRyeConfigBuilder()
                .withProfile("prod")
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(values, "a test", 260))
                .build();
    }

    /** Returns what holds for shop, for the other service, and for requests of no service, in this order. */
    private static List<Optional<?>> inForce(TurnoutConfig config, Key<?> key) {
        return List.of(
                find(config, "shop", key),
                find(config, "other", key),
                config.values().find(key));
    }

    private static Optional<?> find(TurnoutConfig config, String service, Key<?> key) {
        ServiceKeys keys = config.services().stream()
                .filter(one -> one.service().equals(service))
                .findFirst()
                .orElseThrow();
        return new ServiceValues(config.values(), keys).find(key);
    }

    private static Optional<?> read(Key<?> key, String text) {
        return Optional.of(key.type().reader().apply(text));
    }

    @ParameterizedTest
    @MethodSource("shared")
    void a_service_has_its_own_value_or_that_at_the_top_and_a_reload_changes_either(Key<?> key) {
        List<String> legal = legal(key);
        Optional<?> one = read(key, legal.get(0));
        Optional<?> two = read(key, legal.get(1));
        Optional<?> standard = key.defaultValue().map(key.type().reader());
        String own = key.in(SHOP).name();
        TurnoutConfig none = new TurnoutConfig(given(Map.of()));
        TurnoutConfig top = new TurnoutConfig(given(Map.of(key.name(), legal.get(0))));
        TurnoutConfig ofShop = new TurnoutConfig(given(Map.of(own, legal.get(0))));
        TurnoutConfig both = new TurnoutConfig(given(Map.of(key.name(), legal.get(0), own, legal.get(1))));

        assertThat(inForce(none, key)).isEqualTo(List.of(standard, standard, standard));
        assertThat(inForce(top, key)).isEqualTo(List.of(one, one, one));
        assertThat(inForce(ofShop, key)).isEqualTo(List.of(one, standard, standard));
        assertThat(inForce(both, key)).isEqualTo(List.of(two, one, one));
        assertReload(none, both, key, own, 2);
        assertReload(both, top, key, own, 1);
        assertReload(both, none, key, own, 2);
    }

    /** The values are not checked against each other: that is told by the tests of each check. */
    private static void assertReload(TurnoutConfig from, TurnoutConfig to, Key<?> key, String own, int changed) {
        TurnoutConfig next = new TurnoutConfig(to.texts().untilRestart(from.texts()));
        ConfigChange change = ConfigChange.between(from, to, next);

        assertThat(inForce(next, key)).isEqualTo(inForce(to, key));
        assertThat(change.pending()).isEmpty();
        assertThat(change.keys())
                .extracting(KeyChange::key)
                .isSubsetOf(key.name(), own)
                .hasSizeBetween(1, changed);
    }

    @ParameterizedTest
    @MethodSource("atTopOnly")
    void a_key_that_no_service_may_have_is_an_error_that_says_why(Key<?> key) {
        String file = key.in(SHOP).name();
        String variable = Spelling.variable(file);
        String why = " can't be given for one service: "
                + key.scope().whyNotInService().orElseThrow() + "; allowed is ";

        ConfigReport report = GivenSettings.check(
                Map.of(SHOP + "blue", "127.0.0.1:1", SHOP + "green", "127.0.0.1:2", file, "x"), List.of(variable));

        assertThat(report.errors())
                .containsExactly(
                        file + " (test.properties)" + why + key.name() + ".",
                        "The environment variable " + variable + why + key.variable() + ".");
    }

    @Test
    void a_service_of_the_run_time_may_have_the_same_keys() {
        TurnoutConfig running = new TurnoutConfig(given(Map.of()));
        Map<String, String> keys = Map.of(
                "hosts", "new.example.com", "blue", "127.0.0.1:5", "green", "127.0.0.1:6", "drain.timeout", "7s");

        Reading reading = StartCheck.withService(running, "new", keys);

        assertThat(reading).isInstanceOf(Sound.class);
        TurnoutConfig next = ((Sound) reading).change().next();
        assertThat(ServiceSettings.of(next, "new").drain().timeout()).hasSeconds(7);
        assertThat(ServiceSettings.of(next, "shop").drain().timeout()).hasSeconds(30);
    }
}
