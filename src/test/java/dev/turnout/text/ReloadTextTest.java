package dev.turnout.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The answer of a reload, for people")
final class ReloadTextTest {

    private static JsonObject key(String name, String effect) {
        return new JsonObject().put("key", name).put("from", "1s").putNull("to").put("effect", effect);
    }

    private static JsonObject answer(JsonObject... keys) {
        return new JsonObject().put("keys", new JsonArray(List.of(keys)));
    }

    @Test
    void names_what_is_in_force_and_what_waits_for_a_restart() {
        JsonObject answer = answer(key("turnout.client.head", "applied"), key("turnout.listen.port", "restart"))
                .put(
                        "services",
                        new JsonArray()
                                .add(new JsonObject().put("service", "shop").put("change", "removed")));

        assertThat(ChangeText.of(answer, Language.ENGLISH))
                .containsExactly(
                        "The new configuration is in force.",
                        "  turnout.client.head: 1s -> -",
                        "  service shop is gone",
                        "These keys wait for a restart (systemctl restart turnout): turnout.listen.port");
        assertThat(ChangeText.of(answer, Language.KOREAN)).contains("새 설정이 적용되었습니다.", "  서비스 shop 제거");
    }

    @Test
    void has_ten_lines_at_most() {
        JsonObject[] keys = new JsonObject[30];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = key("turnout.key" + i, i % 2 == 0 ? "applied" : "restart");
        }
        JsonObject answer = answer(keys)
                .put("warnings", new JsonArray(List.of("a", "b", "c")))
                .put("services", new JsonArray(List.of(new JsonObject(), new JsonObject(), new JsonObject())));

        assertThat(ReloadText.of(answer, Language.ENGLISH)).hasSize(10).contains("  and 12 more", "  and 2 more");
    }

    @Test
    void says_so_if_nothing_differs() {
        assertThat(ReloadText.of(answer(), Language.ENGLISH))
                .containsExactly("Nothing has changed in the configuration.");
        assertThat(ReloadText.of(answer().put("sound", true), Language.ENGLISH))
                .containsExactly("The configuration has no errors.");
    }

    @Test
    void a_refusal_has_the_errors_and_what_to_do() {
        JsonObject problem = new JsonObject()
                .put("type", "urn:turnout:problem:bad-configuration")
                .put("title", "a title")
                .put("errors", new JsonArray(List.of("a", "b", "c", "d", "e", "f", "g", "h")));

        assertThat(ChangeText.of(problem, Language.ENGLISH))
                .hasSize(9)
                .startsWith("The configuration was not loaded, and nothing has changed.", "a")
                .contains("and 2 more")
                .endsWith("Next: correct the file; 'turnout check' shows every error.");
    }
}
