package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

final class FieldNameTest {

    private static FieldName of(String text) {
        byte[] bytes = (' ' + text + ':').getBytes(US_ASCII);
        return FieldName.of(bytes, 1, 1 + text.length());
    }

    @Test
    void each_field_is_known_in_any_case_of_letters() {
        for (FieldName name : FieldName.values()) {
            assertThat(of(name.toString())).isEqualTo(name);
            assertThat(of(name.toString().toUpperCase(Locale.ROOT))).isEqualTo(name);
            assertThat(of(name.toString().toLowerCase(Locale.ROOT))).isEqualTo(name);
        }
    }

    @Test
    void a_name_that_differs_in_one_octet_is_another() {
        for (FieldName name : FieldName.values()) {
            byte[] known = name.toString().toLowerCase(Locale.ROOT).getBytes(US_ASCII);
            for (int place = 0; place < known.length; place++) {
                for (int octet = 0; octet < 256; octet++) {
                    byte[] bytes = known.clone();
                    bytes[place] = (byte) octet;
                    boolean isSame = octet < 128 && Character.toLowerCase(octet) == known[place];

                    assertThat(FieldName.of(bytes, 0, bytes.length) == name)
                            .as("octet %d at %d of %s", octet, place, name)
                            .isEqualTo(isSame);
                }
            }
        }
    }

    @Test
    void longer_and_shorter_names_and_none_are_other_fields() {
        for (FieldName name : FieldName.values()) {
            assertThat(of(name + "-x")).isEqualTo(FieldName.OTHER);
        }
        assertThat(of("")).isEqualTo(FieldName.OTHER);
        assertThat(of("Hos")).isEqualTo(FieldName.OTHER);
        assertThat(of("x".repeat(1000))).isEqualTo(FieldName.OTHER);
    }
}
