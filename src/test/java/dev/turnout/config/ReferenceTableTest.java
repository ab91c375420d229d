package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Checks that every key of the table is read by one accessor, and that the reference is generated from the table. */
final class ReferenceTableTest {

    private static final Path TABLE = Path.of("deploy", "CONFIGURATION.md");
    private static final String COMMAND =
            "./mvnw test -Dtest=ReferenceTableTest -Dsurefire.failIfNoSpecifiedTests=false -Dreference.write=true";

    @Test
    void the_check_knows_exactly_the_keys_of_the_tree_with_their_defaults() throws ReflectiveOperationException {
        Map<String, Optional<String>> ofTheTree =
                keysOfAccessors().stream().collect(Collectors.toMap(Key::name, Key::defaultValue));
        Map<String, Optional<String>> ofTheCheck =
                Keys.ALL.stream().collect(Collectors.toMap(Key::name, Key::defaultValue));

        assertThat(ofTheCheck).isEqualTo(ofTheTree);
    }

    @Test
    void every_default_is_legal() {
        assertThat(Keys.ALL).allSatisfy(key -> key.defaultValue()
                .ifPresent(value -> assertThat(key.type().reader().apply(value)).isNotNull()));
    }

    @Test
    void every_key_has_a_text() {
        assertThat(Keys.ALL).allSatisfy(key -> assertThat(key.english()).endsWith("."));
    }

    /** The values of services come from the files at a reload: {@link ConfigTexts#untilRestart}. */
    @Test
    void a_reload_changes_every_key_that_services_may_have() {
        assertThat(Keys.ALL).filteredOn(key -> !key.isAtTopOnly()).allSatisfy(key -> assertThat(key.holdsAt())
                .isEqualTo(Key.HoldsAt.RELOAD));
    }

    /** With {@code -Dreference.write=true} it writes the file instead. */
    @Test
    void the_reference_in_deploy_is_the_one_of_the_tree() throws IOException {
        String expected = reference();
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(TABLE, expected);
        }

        assertThat(TABLE)
                .as("%s, which is written by: %s", TABLE, COMMAND)
                .content()
                .isEqualTo(expected);
    }

    private static String reference() {
        StringBuilder reference = new StringBuilder("""
            # Configuration

            A key stands in `application.properties`, in the environment (`turnout.admin.on-front` is `TURNOUT_ADMIN_ON_FRONT`), or in a
            system property (`-Dturnout.green=...`). The file is beside the program, in `config/` there, in the working directory, or in
            `config/` there. The last place wins. A file that `QUARKUS_CONFIG_LOCATIONS` names wins over them, the environment over all
            files, and a system property over the environment. Turnout checks the whole configuration at the start. An unknown name is an
            error. An empty value counts as not given, in every place: the next place in rank gives the value, or the default holds.

            Commands that call Turnout, such as `turnout status`, do not read the files of the working directory if another user may have
            written them: such a file could name the address that the admin token is sent to. What `QUARKUS_CONFIG_LOCATIONS` names is read.

            Several services: `turnout.services."shop".hosts=shop.example.com`, in the environment `TURNOUT_SERVICES__SHOP__HOSTS`.
            A request belongs to the service of its host and path. Any other request belongs to service `default`. Without service
            `default` the answer is 404 with `X-Turnout: no-service`. Service `default` exists if `turnout.blue` or `turnout.green` is
            given, or if the configuration names no other service. A service that `turnout services set` has added does not count: it
            changes no other service.

            Several receivers of notifications: `turnout.notify.receivers."ops".url=...`, and so each key of `turnout.notify`.

            The column "in a service" says which keys a service may have:
            - no: the key stands at the top only. It holds for the program as a whole.
            - no (connection): the key stands at the top only. It holds for a client's connection and for the head of a request, before its
              service is known.
            - no (all services): the key stands at the top only. It bounds all services together.
            - yes: `turnout.services."shop".health.rise` holds for service `shop`, and `turnout.health.rise` for services without this key
              and for requests of no service. So for every key with this word.
            - yes, as `tls-ca`: the same, but the key has this name in a service. `turnout.upstream.tls-ca` is
              `turnout.services."shop".tls-ca` there.
            - required: each service has to give this key; at the top the key belongs to service `default`.
            - only: services other than `default` may have this key.
            - in a rule: `turnout.rules."10-www".host` is a key of a rule of all services, and
              `turnout.services."shop".rules."10-www".host` one of a rule of service `shop`.

            The column "new value" says how a new value in the file comes into force:
            - reload: by `turnout reload`, `systemctl reload turnout`, SIGHUP or `POST /admin/reload`, and at a restart.
              A reload reads every file again that such a key names, also if no key has another value.
            - restart: at a restart only. A reload names the key and keeps the value in force.

            | key | what is allowed | default | in a service | new value | what it is for |
            | --- | --- | --- | --- | --- | --- |
            """);
        for (Key<?> key : Keys.ALL) {
            List<String> cells = List.of(
                    "`" + key.name() + "`",
                    key.type().allowed(),
                    key.defaultValue().map(value -> "`" + value + "`").orElse("none"),
                    key.isRenamedInServices() ? "yes, as `" + key.path() + "`" : inService(key.scope()),
                    newValue(key.holdsAt()),
                    key.english().replace("|", "\\|"));
            reference.append("| ").append(String.join(" | ", cells)).append(" |\n");
        }
        return reference.toString();
    }

    private static String newValue(Key.HoldsAt holdsAt) {
        return switch (holdsAt) {
            case START -> "restart";
            case RELOAD -> "reload";
        };
    }

    private static String inService(Key.Scope scope) {
        return switch (scope) {
            case PROGRAM, CERTIFICATE -> "no";
            case CONNECTION -> "no (connection)";
            case ALL_SERVICES -> "no (all services)";
            case RULE -> "in a rule";
            case SHARED -> "yes";
            case EACH_SERVICE -> "required";
            case NAMED_SERVICE -> "only";
        };
    }

    /** Notes each key that is asked for. */
    private static final class Recording implements Values {

        private final Set<Key<?>> asked = new LinkedHashSet<>();

        @Override
        public <T> Optional<T> find(Key<T> key) {
            asked.add(key);
            return key.defaultValue().map(key.type().reader());
        }
    }

    private static Set<Key<?>> keysOfAccessors() throws ReflectiveOperationException {
        Recording values = new Recording();
        TurnoutConfig config = new TurnoutConfig(values, List.of(ServiceKeys.ofDefault()));
        call(config);
        call(ServiceSettings.of(config).get(0));
        call(new CertificateConfig(values, new CertificateKeys("NAME", Key.NAME_CERTIFICATE)));
        call(new ReceiverConfig(values, ReceiverKeys.ofDefault()));
        call(new RuleConfig(values, new RuleKeys(Key.TOP, "NAME", Key.NAME_RULE)));
        return values.asked;
    }

    /** Calls every accessor, and every accessor of what that returns. */
    private static void call(Object view) throws ReflectiveOperationException {
        for (Method method : accessors(view.getClass())) {
            Object value = method.invoke(view);
            if (value.getClass().getSimpleName().endsWith("Config")) {
                call(value);
            }
        }
    }

    private static List<Method> accessors(Class<?> type) {
        List<Method> accessors = new ArrayList<>();
        for (Method method : type.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers()) && method.getParameterCount() == 0) {
                accessors.add(method);
            }
        }
        return accessors;
    }
}
