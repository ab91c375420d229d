package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.ConfigCheck.Given;
import dev.turnout.support.Await;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A configuration as text")
final class ConfigTextsTest {

    private static final String PORT = "turnout.listen.port";
    private static final String HEAD = "turnout.client.head";
    private static final String API = RunTimeServices.prefix("api");

    /** What a file gives. Not a map of its own, so that nothing else holds it. */
    private record File(Map<String, String> keys) implements Function<String, Optional<Given>> {

        @Override
        public Optional<Given> apply(String name) {
            return Optional.ofNullable(keys.get(name)).map(value -> new Given(value, "a file"));
        }
    }

    private static ConfigTexts texts(String... pairs) {
        Map<String, String> keys = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            keys.put(pairs[i], pairs[i + 1]);
        }
        TreeMap<String, String> names = new TreeMap<>();
        keys.keySet().forEach(name -> names.put(name, "a file"));
        return new ConfigTexts(new File(keys), names, new TreeSet<>());
    }

    private static Optional<String> value(ConfigTexts texts, String name) {
        return texts.values().apply(name).map(Given::value);
    }

    @Test
    @DisplayName("keeps the running value of a key that needs a restart, also that it has none")
    void keeps_running_values() {
        ConfigTexts first = texts(PORT, "1", HEAD, "1s");
        ConfigTexts second = texts(PORT, "2", HEAD, "2s").untilRestart(first);
        ConfigTexts third = texts(HEAD, "3s", "turnout.admin.port", "3").untilRestart(second);

        assertThat(value(second, PORT)).contains("1");
        assertThat(value(second, HEAD)).contains("2s");
        assertThat(value(third, PORT)).contains("1");
        assertThat(value(third, HEAD)).contains("3s");
        assertThat(value(third, "turnout.admin.port")).isEmpty();
    }

    @Test
    @DisplayName("has the keys of a service that were given last, and none of those in the files")
    void has_services_of_run_time() {
        ConfigTexts file = texts(API + "blue", "1", API + "green", "2", HEAD, "1s");
        ConfigTexts given = file.withService(API, Map.of(API + "blue", "3"), "the API");
        ConfigTexts other = given.withService(RunTimeServices.prefix("apis"), Map.of(), "the API");
        ConfigTexts removed = other.withService(API, Map.of(), "the API");

        assertThat(value(given, API + "blue")).contains("3");
        assertThat(value(other, API + "green")).isEmpty();
        assertThat(value(other, HEAD)).contains("1s");
        assertThat(other.names()).containsEntry(API + "blue", "the API").doesNotContainKey(API + "green");
        assertThat(value(removed, API + "blue")).isEmpty();
        assertThat(removed.names()).containsOnlyKeys(HEAD);
    }

    @Test
    @DisplayName("answers after many services as after one, and keeps nothing of those that are gone")
    void does_not_grow() {
        ConfigTexts texts = texts(HEAD, "1s");
        for (int i = 0; i < 20_000; i++) {
            String prefix = RunTimeServices.prefix("preview-" + i);
            texts = texts.withService(prefix, Map.of(prefix + "blue", "1"), "the API")
                    .withService(prefix, Map.of(), "the API");
        }

        assertThat(value(texts, HEAD)).contains("1s");
        assertThat(texts.values()).isInstanceOfSatisfying(LayeredValues.class, values -> assertThat(values.services())
                .isEmpty());
    }

    @Test
    @DisplayName("keeps nothing of the files that were read before")
    void lets_earlier_files_go() {
        ConfigTexts running = texts(PORT, "1");
        WeakReference<Object> first = new WeakReference<>(running.values());
        for (int i = 0; i < 2; i++) {
            running = texts(HEAD, "2s").untilRestart(running).withService(API, Map.of(API + "blue", "3"), "the API");
        }

        Await.until("the first file is gone", () -> {
            System.gc();
            return first.get() == null;
        });
        assertThat(value(running, PORT)).contains("1");
    }
}
