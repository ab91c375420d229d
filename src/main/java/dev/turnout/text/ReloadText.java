package dev.turnout.text;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The answer of a reload, or of a check in the running server, in lines. */
public final class ReloadText {

    private static final int MOST_KEYS = 3;
    private static final int MOST_OTHERS = 1;

    private final Facts answer;
    private final Language in;

    private ReloadText(Facts answer, Language in) {
        this.answer = answer;
        this.in = in;
    }

    /** Returns true if an answer is that of a reload or a check. */
    static boolean fits(JsonObject answer) {
        return answer.containsKey("keys");
    }

    /** Returns ten lines at most. */
    public static List<String> of(JsonObject answer, Language in) {
        return new ReloadText(new Facts(answer), in).lines();
    }

    private List<String> lines() {
        List<Facts> applied = keys("applied");
        List<Facts> waiting = keys("restart");
        List<String> lines = new ArrayList<>();
        lines.add(title(!applied.isEmpty(), !waiting.isEmpty()));
        lines.addAll(some(applied.stream().map(ReloadText::key).toList(), MOST_KEYS));
        lines.addAll(some(answer.objects("services").stream().map(this::service).toList(), MOST_OTHERS));
        lines.addAll(some(CheckText.of(answer.texts("warnings"), in), MOST_OTHERS));
        if (!waiting.isEmpty()) {
            lines.add(in.of(
                            "These keys wait for a restart (systemctl restart turnout): ",
                            "다음 키는 재시작해야 적용됩니다 (systemctl restart turnout): ")
                    + waiting.stream().map(key -> key.word("key")).collect(Collectors.joining(", ")));
        }
        return lines;
    }

    private List<Facts> keys(String effect) {
        return answer.objects("keys").stream()
                .filter(key -> key.word("effect").equals(effect))
                .toList();
    }

    private String title(boolean hasApplied, boolean hasWaiting) {
        if (answer.flag("sound")) {
            return hasApplied
                    ? in.of("The configuration has no errors. A reload would change:", "설정에 오류가 없습니다. 다시 읽으면 바뀌는 것:")
                    : in.of("The configuration has no errors.", "설정에 오류가 없습니다.");
        }
        if (hasApplied) {
            return in.of("The new configuration is in force.", "새 설정이 적용되었습니다.");
        }
        return hasWaiting
                ? in.of("Nothing was applied.", "적용된 것이 없습니다.")
                : in.of("Nothing has changed in the configuration.", "설정에 바뀐 것이 없습니다.");
    }

    private static String key(Facts key) {
        return "  " + key.word("key") + ": " + key.text("from").orElse("-") + " -> "
                + key.text("to").orElse("-");
    }

    private String service(Facts service) {
        String name = service.word("service");
        return switch (service.word("change")) {
            case "added" -> in.of("  service " + name + " is new", "  서비스 " + name + " 추가");
            case "removed" -> in.of("  service " + name + " is gone", "  서비스 " + name + " 제거");
            default -> in.of("  service " + name + " has other targets", "  서비스 " + name + " 대상 변경");
        };
    }

    private List<String> some(List<String> all, int most) {
        if (all.size() <= most + 1) {
            return all;
        }
        List<String> some = new ArrayList<>(all.subList(0, most));
        int more = all.size() - most;
        some.add(in.of("  and " + more + " more", "  외 " + more + "개"));
        return some;
    }
}
