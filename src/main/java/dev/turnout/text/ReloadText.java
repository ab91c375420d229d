package dev.turnout.text;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The answer to a reload, or to a check in the running server, in at most ten lines. */
public final class ReloadText {

    private static final int MOST_KEYS = 4;
    private static final int MOST_OTHERS = 1;

    private final JsonObject answer;
    private final Language language;

    private ReloadText(JsonObject answer, Language language) {
        this.answer = answer;
        this.language = language;
    }

    /** Returns the lines of an answer of {@code POST /admin/reload}. */
    public static List<String> of(JsonObject answer, Language language) {
        return new ReloadText(answer, language).lines();
    }

    private List<String> lines() {
        List<JsonObject> applied = keys("applied").toList();
        List<JsonObject> waiting = keys("restart").toList();
        List<String> lines = new ArrayList<>();
        lines.add(title(applied, waiting));
        lines.addAll(some(applied.stream().map(ReloadText::key).toList(), MOST_KEYS));
        lines.addAll(
                some(objects("services").map(service -> "  " + service(service)).toList(), MOST_OTHERS));
        lines.addAll(some(
                IntStream.range(0, array("warnings").size())
                        .mapToObj(index -> array("warnings").getString(index))
                        .toList(),
                MOST_OTHERS));
        if (!waiting.isEmpty()) {
            lines.add(language.of(
                            "These keys wait for a restart (systemctl restart turnout): ",
                            "다음 키는 재시작해야 적용됩니다 (systemctl restart turnout): ")
                    + String.join(
                            ", ",
                            waiting.stream().map(key -> key.getString("key")).toList()));
        }
        return lines;
    }

    private String title(List<JsonObject> applied, List<JsonObject> waiting) {
        if (!applied.isEmpty()) {
            return language.of("The new configuration is in force.", "새 설정이 적용되었습니다.");
        }
        return waiting.isEmpty()
                ? language.of("Nothing has changed in the configuration.", "설정에 바뀐 것이 없습니다.")
                : language.of("Nothing was applied.", "적용된 것이 없습니다.");
    }

    private static String key(JsonObject key) {
        return "  " + key.getString("key") + ": " + value(key, "from") + " -> " + value(key, "to");
    }

    private static String value(JsonObject key, String name) {
        return key.getValue(name) == null ? "-" : key.getString(name);
    }

    private String service(JsonObject service) {
        String name = service.getString("service");
        return switch (service.getString("change", "")) {
            case "added" -> language.of("service " + name + " is new", "서비스 " + name + " 추가");
            case "removed" -> language.of("service " + name + " is gone", "서비스 " + name + " 제거");
            default -> language.of("service " + name + " has other targets", "서비스 " + name + " 대상 변경");
        };
    }

    private List<String> some(List<String> all, int most) {
        if (all.size() <= most + 1) {
            return all;
        }
        List<String> some = new ArrayList<>(all.subList(0, most));
        int more = all.size() - most;
        some.add(language.of("  and " + more + " more", "  외 " + more + "개"));
        return some;
    }

    private Stream<JsonObject> keys(String effect) {
        return objects("keys").filter(key -> effect.equals(key.getString("effect")));
    }

    private Stream<JsonObject> objects(String name) {
        JsonArray array = array(name);
        return IntStream.range(0, array.size()).mapToObj(array::getJsonObject);
    }

    private JsonArray array(String name) {
        return answer.getJsonArray(name, new JsonArray());
    }
}
