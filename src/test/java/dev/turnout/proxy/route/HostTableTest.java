package dev.turnout.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Balance;
import dev.turnout.config.HostPattern;
import dev.turnout.config.TargetProtocol;
import dev.turnout.proxy.http1.RequestHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostTableTest {

    private static ServiceMatch entrance(String service, String path, String... hosts) {
        return new ServiceMatch(
                service,
                Arrays.stream(hosts).map(HostPattern::parse).toList(),
                path,
                false,
                false,
                null,
                Balance.ROUND_ROBIN,
                TargetProtocol.HTTP1,
                0,
                null,
                null,
                Matches.NO_ASSETS,
                null,
                Matches.requests(),
                TargetSettings.NONE);
    }

    private static String service(HostTable directory, RequestHead head) {
        ServiceMatch found = directory.find(head);
        return found == null ? "none" : found.service();
    }

    private static final HostTable SEVERAL = new HostTable(List.of(
            Matches.ofAll("default", Balance.ROUND_ROBIN),
            entrance("shop", "/", "shop.example.com", "shop.example.org"),
            entrance("shop-api", "/api", "shop.example.com"),
            entrance("shop-api-v2", "/api/v2", "shop.example.com"),
            entrance("any", "/", "*.example.com"),
            entrance("eu", "/", "*.eu.example.com"),
            entrance("admin", "/admin", "admin.eu.example.com"),
            entrance("six", "/", "[::1]"),
            entrance("files", "/files")));

    @ParameterizedTest
    @CsvSource({
        "shop.example.com, shop",
        "shop.example.org, shop",
        "blog.example.com, any",
        "a.b.example.com, any",
        "x.eu.example.com, eu",
        "x.y.eu.example.com, eu",
        "eu.example.com, any",
        "example.com, default",
        "notexample.com, default",
        "shop.example.com.evil.org, default",
        "other.org, default",
        "[::1], six",
        "[::2], default",
        "10.0.0.1, default"
    })
    void the_exact_host_goes_before_the_longest_domain_and_that_before_the_default(String host, String service) {
        assertThat(service(SEVERAL, Requests.get(host, "/"))).isEqualTo(service);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop.example.com:80",
                "shop.example.com:",
                "shop.example.com.",
                "shop.example.com.:8080",
                "SHOP.Example.COM",
                "Shop.example.com.:65535"
            })
    void case_port_and_a_dot_at_the_end_do_not_count(String host) {
        assertThat(service(SEVERAL, Requests.get(host, "/"))).isEqualTo("shop");
    }

    @Test
    void the_port_of_an_address_in_brackets_does_not_count_either() {
        assertThat(service(SEVERAL, Requests.get("[::1]:80", "/"))).isEqualTo("six");
    }

    @ParameterizedTest
    @CsvSource({
        "/, shop",
        "/api, shop-api",
        "/api/, shop-api",
        "/api?q=/api/v2, shop-api",
        "/api/x, shop-api",
        "/apis, shop",
        "/API, shop",
        "/api.html, shop",
        "/api/v2, shop-api-v2",
        "/api/v2/x?y, shop-api-v2",
        "/api/v22, shop-api",
        "/ap, shop",
        "/x/api, shop",
        "/?/api/v2, shop"
    })
    void the_longest_path_that_ends_with_a_segment_is_taken(String target, String service) {
        assertThat(service(SEVERAL, Requests.get("shop.example.com", target))).isEqualTo(service);
    }

    @ParameterizedTest
    @ValueSource(strings = {"//api", "/%61pi", "/api%2Fx", "/x/../api", "/./api"})
    void a_path_is_compared_as_it_was_sent(String target) {
        assertThat(service(SEVERAL, Requests.get("shop.example.com", target))).isEqualTo("shop");
    }

    @ParameterizedTest
    @CsvSource({"/admin/users, admin", "/, eu", "/files/x, eu"})
    void a_host_whose_services_do_not_have_the_path_leaves_it_to_the_domain_around_it(String target, String service) {
        assertThat(service(SEVERAL, Requests.get("admin.eu.example.com", target)))
                .isEqualTo(service);
    }

    @Test
    void a_service_of_every_host_goes_by_its_path() {
        assertThat(service(SEVERAL, Requests.get("other.org", "/files/x"))).isEqualTo("files");
    }

    @Test
    void a_host_goes_before_a_path() {
        assertThat(service(SEVERAL, Requests.get("shop.example.com", "/files/x")))
                .isEqualTo("shop");
    }

    @Test
    void without_a_default_an_unknown_host_has_no_service() {
        HostTable directory = new HostTable(List.of(entrance("shop", "/", "shop.example.com")));

        assertThat(directory.find(Requests.get("other.org", "/"))).isNull();
    }

    @Test
    void without_a_default_an_unknown_path_has_no_service() {
        HostTable directory = new HostTable(List.of(entrance("api", "/api")));

        assertThat(directory.find(Requests.get("any.org", "/other"))).isNull();
    }

    @Test
    void the_target_in_absolute_form_says_the_host() {
        RequestHead head = Requests.head("GET http://shop.example.com/api HTTP/1.1\r\nHost: other.org\r\n\r\n");

        assertThat(service(SEVERAL, head)).isEqualTo("shop-api");
    }

    @Test
    void a_target_without_a_path_is_of_the_service_of_every_path() {
        assertThat(service(SEVERAL, Requests.head("GET http://shop.example.com?x HTTP/1.1\r\nHost: a\r\n\r\n")))
                .isEqualTo("shop");
        assertThat(service(SEVERAL, Requests.head("OPTIONS * HTTP/1.1\r\nHost: shop.example.com\r\n\r\n")))
                .isEqualTo("shop");
    }

    @Test
    void a_request_without_a_host_is_of_a_service_of_every_host() {
        assertThat(service(SEVERAL, Requests.head("GET /files HTTP/1.0\r\n\r\n")))
                .isEqualTo("files");
    }

    @Test
    void a_hostile_host_is_looked_at_no_further_than_the_longest_name() {
        assertThat(service(SEVERAL, Requests.get("a.".repeat(4_000) + "example.com", "/" + "x/".repeat(3_000))))
                .isEqualTo("any");
    }

    @Test
    void each_of_a_thousand_services_is_found() {
        List<ServiceMatch> entrances = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            entrances.add(entrance("s" + i, "/p" + i % 7, "h" + i / 7 + ".example.com"));
        }
        HostTable directory = new HostTable(entrances);

        for (int i = 0; i < 1_000; i++) {
            assertThat(service(directory, Requests.get("h" + i / 7 + ".example.com", "/p" + i % 7 + "/x")))
                    .isEqualTo("s" + i);
        }
        assertThat(directory.find(Requests.get("h1000.example.com", "/p1"))).isNull();
    }
}
