package dev.turnout.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BoundedJsonTest {

    private static int size(JsonObject json) {
        return json.encode().getBytes(StandardCharsets.UTF_8).length;
    }

    @Test
    void what_fits_stays_as_it_is() {
        JsonObject json = new JsonObject().put("a", "x\n\u001b").put("b", new JsonArray().add(1));

        assertThat(BoundedJson.within(json, 4_096)).isSameAs(json);
    }

    @Test
    void a_long_array_keeps_its_first_members_and_says_how_many_there_were() {
        JsonArray warnings = new JsonArray();
        for (int i = 0; i < 5_000; i++) {
            warnings.add("warning " + i);
        }

        JsonObject shorter = BoundedJson.within(new JsonObject().put("warnings", warnings), 4_096);

        assertThat(shorter.getJsonArray("warnings").getString(0)).isEqualTo("warning 0");
        assertThat(shorter.getJsonArray("warnings").size()
                        + shorter.getJsonObject("omitted").getInteger("warnings"))
                .isEqualTo(5_000);
        assertThat(shorter.getBoolean("shortened")).isTrue();
    }

    /** Objects of any shape, some of them deep, of many members, or of text of four bytes a character. */
    @ParameterizedTest
    @ValueSource(ints = {4_096, 16_384, 65_534})
    void whatever_the_members_are_the_result_fits(int most) {
        Random random = new Random(most);
        for (int i = 0; i < 50; i++) {
            JsonObject shorter = BoundedJson.within((JsonObject) any(random, 0), most);

            assertThat(size(shorter)).isLessThanOrEqualTo(most);
            assertThat(new JsonObject(shorter.encode())).isEqualTo(shorter);
        }
    }

    private static Object any(Random random, int depth) {
        if (depth == 0 || depth < 9 && random.nextInt(4) == 0) {
            JsonObject object = new JsonObject();
            for (int i = random.nextInt(depth < 1 ? 150 : 4); i >= 0; i--) {
                object.put("m".repeat(random.nextInt(8) == 0 ? 2_000 : 1) + i, any(random, depth + 1));
            }
            return object;
        }
        if (depth < 9 && random.nextInt(3) == 0) {
            JsonArray array = new JsonArray();
            for (int i = random.nextInt(depth < 1 ? 150 : 4); i > 0; i--) {
                array.add(any(random, depth + 1));
            }
            return array;
        }
        return random.nextBoolean() ? random.nextLong() : "\ud83d\ude80\u001b".repeat(random.nextInt(300));
    }
}
