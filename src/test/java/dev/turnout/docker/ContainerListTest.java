package dev.turnout.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.DockerConfig.ContainerAddress;
import dev.turnout.routing.FoundContainer;
import dev.turnout.routing.FoundContainer.Place;
import dev.turnout.routing.Target;
import dev.turnout.support.ContainerEngine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The list of a container engine")
final class ContainerListTest {

    private static final ContainerList READER = new ContainerList(Optional.empty(), ContainerAddress.CONTAINER);
    private static final ContainerList PUBLISHED = new ContainerList(Optional.empty(), ContainerAddress.PUBLISHED);

    private static JsonObject labelled(String... labels) {
        JsonObject container = ContainerEngine.container("c1", "172.18.0.5", 8080, Map.of("turnout.service", "shop"));
        for (String label : labels) {
            String[] words = label.split("=", 2);
            container.getJsonObject("Labels").put(words[0], words[1]);
        }
        return container;
    }

    private static JsonObject ports(JsonObject container, JsonObject... ports) {
        return container.put("Ports", new JsonArray(List.of(ports)));
    }

    private static JsonObject port(String ip, int inside, Integer outside) {
        return new JsonObject()
                .put("IP", ip)
                .put("PrivatePort", inside)
                .put("PublicPort", outside)
                .put("Type", "tcp");
    }

    private static JsonObject networks(JsonObject container, JsonObject networks) {
        container.getJsonObject("NetworkSettings").put("Networks", networks);
        return container;
    }

    private static JsonObject endpoint(String four, String six) {
        return new JsonObject().put("IPAddress", four).put("GlobalIPv6Address", six);
    }

    private static FoundContainer read(ContainerList reader, JsonObject container) {
        List<FoundContainer> found = reader.read(new JsonArray().add(container));
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static String target(ContainerList reader, JsonObject container) {
        return read(reader, container).target().map(Target::toString).orElseThrow();
    }

    private static String trouble(ContainerList reader, JsonObject container) {
        return read(reader, container).trouble().orElseThrow();
    }

    @Test
    void has_the_address_in_the_only_network_and_the_only_port() {
        FoundContainer found = read(READER, labelled());

        assertThat(found.target()).contains(Target.parse("172.18.0.5:8080"));
        assertThat(found.service()).isEqualTo("shop");
        assertThat(found.place()).isEqualTo(Place.IDLE);
        assertThat(found.name()).isEqualTo("c1");
    }

    @ParameterizedTest
    @CsvSource({"blue, BLUE", "green, GREEN", "idle, IDLE", "active, ACTIVE"})
    void has_the_slot_of_the_label(String label, Place place) {
        assertThat(read(READER, labelled("turnout.slot=" + label)).place()).isEqualTo(place);
    }

    @ParameterizedTest
    @ValueSource(strings = {"red", "", "BLUE"})
    void says_which_slots_there_are(String label) {
        assertThat(trouble(READER, labelled("turnout.slot=" + label)))
                .contains("turnout.slot=" + label, "blue, green, idle, active");
    }

    @Test
    void has_the_port_of_the_label_before_what_is_exposed() {
        assertThat(target(READER, ports(labelled("turnout.port=9000"), port("", 8080, null), port("", 9090, null))))
                .isEqualTo("172.18.0.5:9000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "http", "", "-1", "99999999999", "٣"})
    void says_that_a_label_is_no_port(String label) {
        assertThat(trouble(READER, labelled("turnout.port=" + label))).contains("is not a port");
    }

    @Test
    void asks_for_the_label_if_several_ports_are_exposed_or_none() {
        assertThat(trouble(READER, ports(labelled(), port("", 8080, null), port("", 9090, null))))
                .contains("[8080, 9090]", "turnout.port");
        assertThat(trouble(READER, ports(labelled()))).contains("no port", "turnout.port");
        JsonObject datagrams = new JsonObject().put("PrivatePort", 53).put("Type", "udp");
        assertThat(target(READER, ports(labelled(), datagrams, port("", 8080, null))))
                .isEqualTo("172.18.0.5:8080");
    }

    @Test
    void takes_the_network_that_is_configured() {
        JsonObject both = networks(
                labelled(),
                new JsonObject().put("app", endpoint("172.18.0.5", "")).put("db", endpoint("172.19.0.5", "")));

        assertThat(trouble(READER, both)).contains("[app, db]", "turnout.docker.network");
        ContainerList db = new ContainerList(Optional.of("db"), ContainerAddress.CONTAINER);
        assertThat(target(db, both)).isEqualTo("172.19.0.5:8080");
        ContainerList none = new ContainerList(Optional.of("web"), ContainerAddress.CONTAINER);
        assertThat(trouble(none, both)).contains("not in the network web", "[app, db]");
    }

    @Test
    void takes_version_6_where_there_is_no_version_4_and_the_loopback_of_the_host_network() {
        assertThat(target(READER, networks(labelled(), new JsonObject().put("app", endpoint("", "fd00::5")))))
                .isEqualTo("[fd00::5]:8080");
        assertThat(target(
                        READER, networks(labelled("turnout.port=80"), new JsonObject().put("host", endpoint("", "")))))
                .isEqualTo("127.0.0.1:80");
        assertThat(trouble(READER, networks(labelled(), new JsonObject().put("app", endpoint("", "")))))
                .contains("no address in the network app");
        assertThat(trouble(READER, networks(labelled(), new JsonObject()))).contains("in no network");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 127.0.0.1:32768",
        "'', 127.0.0.1:32768",
        "::, 127.0.0.1:32768",
        "10.0.0.1, 10.0.0.1:32768",
        "fd00::1, [fd00::1]:32768"
    })
    void has_the_published_port_if_that_is_configured(String ip, String target) {
        assertThat(target(PUBLISHED, ports(labelled(), port(ip, 8080, 32768)))).isEqualTo(target);
    }

    @Test
    void prefers_version_4_of_a_published_port_and_says_if_none_is_published() {
        assertThat(target(PUBLISHED, ports(labelled(), port("fd00::1", 8080, 1), port("10.0.0.1", 8080, 2))))
                .isEqualTo("10.0.0.1:2");
        assertThat(trouble(PUBLISHED, labelled())).contains("does not publish its port 8080");
    }

    @Test
    void ignores_members_that_it_does_not_know_and_containers_without_the_label() {
        JsonArray answer = new JsonArray()
                .add("text")
                .addNull()
                .add(new JsonObject().put("Id", 5))
                .add(ContainerEngine.container("c2", "172.18.0.6", 80, Map.of("other", "x")))
                .add(labelled().put("Surprise", new JsonArray()));

        assertThat(READER.read(answer)).hasSize(1);
    }

    @Test
    void takes_parts_of_a_wrong_kind_for_missing_ones() {
        assertThat(trouble(READER, labelled().put("Ports", "x"))).contains("no port");
        assertThat(trouble(READER, labelled().put("NetworkSettings", 1))).contains("in no network");
        assertThat(read(READER, labelled().put("Names", "x")).name()).isEqualTo("c1");
        assertThat(read(READER, labelled().put("Names", new JsonArray().add(7))).name())
                .isEqualTo("c1");
    }
}
