package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A host name finds its own value, else that of the wildcard for its first label")
final class ServerNamesTest {

    private final ServerNames<String> names = new ServerNames<>(Map.of(
            "shop.example", "own",
            "*.shop.example", "wildcard",
            "a.shop.example", "exact",
            "localhost", "one label"));

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "shop.example, own",
                "SHOP.Example, own",
                "shop.example., own",
                "a.shop.example, exact",
                "b.shop.example, wildcard",
                "a.b.shop.example, -",
                "localhost, one label",
                "example, -",
                ".shop.example, -",
                "shop.example.com, -",
                "xshop.example, -",
                "'', -",
                "., -"
            })
    void the_table_of_names(String name, String value) {
        assertThat(names.find(name)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "shop.example, own",
                "a.shop.example, exact",
                "b.shop.example., wildcard",
                "a.b.SHOP.example, wildcard",
                "a..shop.example, wildcard",
                "x.a.shop.example, wildcard",
                ".shop.example, -",
                "xshop.example, -",
                "a.localhost, -",
                "'', -",
                "., -"
            })
    void a_wildcard_is_around_all_that_is_below_it(String name, String value) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);

        assertThat(names.findAround(bytes, 0, bytes.length)).isEqualTo(value);
    }

    @Test
    void a_name_is_found_in_the_middle_of_other_bytes() {
        byte[] bytes = "xxshop.examplexx".getBytes(StandardCharsets.US_ASCII);

        assertThat(names.find(bytes, 2, bytes.length - 2)).isEqualTo("own");
    }

    @Test
    void a_thousand_names_are_told_apart() {
        Map<String, Integer> values = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            values.put("host-" + i + ".example", i);
        }
        ServerNames<Integer> many = new ServerNames<>(values);

        assertThat(values)
                .allSatisfy((name, value) -> assertThat(many.find(name)).isEqualTo(value));
        assertThat(many.find("host-1000.example")).isNull();
    }
}
