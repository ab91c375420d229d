package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the tree of the configuration, the check at the start and the reference for operators together. */
final class ReferenceTableTest {

    private static final Path TABLE = Path.of("deploy", "CONFIGURATION.md");
    private static final Path SOURCE = Path.of("src/main/java/dev/turnout/config/TurnoutConfig.java");
    private static final Pattern KEY = Pattern.compile(
            "/\\*\\*((?:[^*]|\\*(?!/))*)\\*/\\s+(?:@WithDefault\\([^)]*\\)\\s+)?[\\w.<>, ]+ (\\w+)\\(\\);");

    /** One key of the tree. */
    private record Leaf(String key, Optional<String> standard, String docstring) {}

    @Test
    void the_check_knows_exactly_the_keys_of_the_tree_with_their_defaults() throws IOException {
        Map<String, Optional<String>> ofTheTree =
                leaves().stream().collect(Collectors.toMap(Leaf::key, Leaf::standard));
        Map<String, Optional<String>> ofTheCheck = keys().stream().collect(Collectors.toMap(Key::name, Key::standard));

        assertThat(ofTheCheck).isEqualTo(ofTheTree);
    }

    @Test
    void every_default_is_legal() {
        assertThat(keys()).allSatisfy(key -> key.standard()
                .ifPresent(standard ->
                        assertThat(key.kind().reader().apply(standard)).isNotNull()));
    }

    /** With {@code -Dreference.write=true} it writes the file instead. */
    @Test
    void the_reference_in_deploy_is_the_one_of_the_tree() throws IOException {
        String expected = table(leaves());
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(TABLE, expected);
        }

        assertThat(TABLE).content().isEqualTo(expected);
    }

    private static String table(List<Leaf> leaves) {
        StringBuilder table = new StringBuilder("""
                # Configuration

                A key stands in `application.properties` (beside the program, in `config/` there, in the working directory, or in `config/`
                there; later ones win), in the environment (`turnout.admin.on-front` is `TURNOUT_ADMIN_ON_FRONT`), or in a system property
                (`-Dturnout.green=...`); the last wins. All of it is checked at the start, and a name that is no key is an error.

                Several services: `turnout.services."shop".hosts=shop.example.com` and the other keys with `NAME` below; in the environment
                `TURNOUT_SERVICES__SHOP__HOSTS`. A service is found by its host and then by its path; what none takes is for service
                `default`, that of `turnout.blue` and `turnout.green`, and without one it is answered with 404 and `X-Turnout: no-service`.
                `default` is there if one of these two keys is given, or if there is no other service.

                | key | what is allowed | default | what it is |
                | --- | --- | --- | --- |
                """);
        for (Leaf leaf : leaves) {
            table.append("| `")
                    .append(leaf.key())
                    .append("` | ")
                    .append(allowed(leaf.key()))
                    .append(" | ")
                    .append(leaf.standard()
                            .map(standard -> "`" + standard + "`")
                            .orElse("none"))
                    .append(" | ")
                    .append(leaf.docstring())
                    .append(" |\n");
        }
        return table.toString();
    }

    private static List<Key<?>> keys() {
        List<Key<?>> keys = new ArrayList<>(Key.ALL);
        keys.addAll(ServiceKeys.of("NAME", "services.\"NAME\".").own());
        return keys;
    }

    private static String allowed(String key) {
        return keys().stream()
                .filter(known -> known.name().equals(key))
                .map(known -> known.kind().allowed())
                .findFirst()
                .orElse("");
    }

    private static List<Leaf> leaves() throws IOException {
        Map<String, String> docstrings = docstrings();
        List<Leaf> leaves = new ArrayList<>();
        collect("turnout", TurnoutConfig.class, docstrings, leaves);
        return leaves;
    }

    /** Reflection has no order of its own: that of the source is taken. */
    private static void collect(String prefix, Class<?> type, Map<String, String> docstrings, List<Leaf> leaves) {
        for (String member : docstrings.keySet()) {
            int dot = member.indexOf('.');
            if (!member.substring(0, dot).equals(type.getSimpleName())) {
                continue;
            }
            Method method = method(type, member.substring(dot + 1));
            String key = prefix + "." + hyphenated(method.getName());
            if (method.getReturnType() == Map.class) {
                collect(key + ".\"NAME\"", TurnoutConfig.Service.class, docstrings, leaves);
            } else if (method.getReturnType().getEnclosingClass() == TurnoutConfig.class
                    && method.getReturnType().isInterface()) {
                collect(key, method.getReturnType(), docstrings, leaves);
            } else {
                Optional<String> standard = Optional.ofNullable(method.getAnnotation(WithDefault.class))
                        .map(WithDefault::value);
                assertThat(standard.isPresent()
                                || method.getReturnType() == Optional.class
                                || type == TurnoutConfig.Service.class)
                        .as("%s has a default, is optional, or is asked of a service only", key)
                        .isTrue();
                leaves.add(new Leaf(key, standard, docstrings.get(member)));
            }
        }
    }

    private static Method method(Class<?> type, String name) {
        try {
            return type.getDeclaredMethod(name);
        } catch (NoSuchMethodException e) {
            throw new AssertionError(type + " has no method " + name, e);
        }
    }

    private static String hyphenated(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** The docstring of each method, by the names of its interface and its own, in the order of the source. */
    private static Map<String, String> docstrings() throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        String source = Files.readString(SOURCE);
        for (String block : source.split("(?=\\binterface )")) {
            Matcher name = Pattern.compile("^interface (\\w+)").matcher(block);
            if (!name.find()) {
                continue;
            }
            Matcher key = KEY.matcher(block);
            while (key.find()) {
                found.put(name.group(1) + "." + key.group(2), plain(key.group(1)));
            }
        }
        return found;
    }

    private static String plain(String docstring) {
        return docstring
                .replaceAll("\\n\\s*\\* ?", " ")
                .strip()
                .replaceAll("\\{@code\\s+([^}]*)}", "`$1`")
                .replaceAll("\\s+", " ")
                .replace("|", "\\|");
    }
}
