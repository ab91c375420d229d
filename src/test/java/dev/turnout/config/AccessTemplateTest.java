package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The template of a line of the access log")
final class AccessTemplateTest {

    @Test
    @DisplayName("is text with fields in braces")
    void parts() {
        assertThat(AccessTemplate.parse("{client} - \"{status}\" end").parts())
                .containsExactly(
                        new AccessTemplate.Part("", AccessField.CLIENT),
                        new AccessTemplate.Part(" - \"", AccessField.STATUS),
                        new AccessTemplate.Part("\" end", null));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("knows each field by its word")
    void fields(AccessField field) {
        assertThat(AccessTemplate.parse("{" + field.word() + "}").parts().get(0).field())
                .isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "no field", "{client", "client}", "{client}}", "{}", "{nobody}", "{client}\n", "{client}é"})
    @DisplayName(
            "is refused without a field, with one that is not known, with a lone brace, and with what would end a line")
    void refused(String template) {
        assertThatThrownBy(() -> AccessTemplate.parse(template)).isInstanceOf(IllegalArgumentException.class);
    }
}
