package dev.turnout.cli;

import dev.turnout.client.ServiceStatus;
import dev.turnout.text.Language;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The progress of a change, as lines. Events go in; lines about a change of state come out, and the lines that are true
 * now. One thread.
 */
final class ChangeProgress {

    /** A target whose probes end differently each time gets no more lines than this. */
    private static final int MOST_LINES_OF_TARGET = 20;

    private final Language language;
    private final Optional<Duration> watch;
    private final Map<String, Gate> gates = new LinkedHashMap<>();
    private String step = "";
    private String now = "";
    private boolean isFlipped;
    private String from;
    private String to;

    /**
     * Makes a progress.
     *
     * @param before the status before the change
     * @param watch how long the new slot is watched
     */
    ChangeProgress(Language language, ServiceStatus before, Optional<Duration> watch) {
        this.language = language;
        this.watch = watch;
        this.from = before.active();
        this.to = before.idle();
    }

    /** The last probe of a target. */
    private static final class Gate {
        private String text = "";
        private String seen = "";
        private int lines;
    }

    /** Returns true once the change is in force. */
    boolean isFlipped() {
        return isFlipped;
    }

    /**
     * Takes an event.
     *
     * @return the lines about what has changed
     */
    List<String> told(String kind, JsonObject detail) {
        return switch (kind) {
            case "step" -> step(text(detail, "step"));
            case "probe" -> probe(detail);
            case "warmup" -> warmUp(detail);
            case "drain" -> drain(detail);
            case "watch" -> watch(detail);
            case "rehearsal" -> rehearsal(detail);
            case "switched" -> switched(detail);
            case "changed" -> changed();
            default -> List.of();
        };
    }

    private List<String> step(String next) {
        if (next.equals(step)) {
            return List.of();
        }
        step = next;
        now = "";
        return switch (next) {
            case "watch" ->
                List.of(language.of(
                        to + " is watched"
                                + watch.map(time -> " for " + time.toSeconds() + " s")
                                        .orElse(""),
                        to + " 감시"
                                + watch.map(time -> " (" + time.toSeconds() + "초)")
                                        .orElse("")));
            case "drain" ->
                List.of(language.of("waiting until the requests in flight have ended", "처리 중인 요청이 끝나기를 기다립니다"));
            default -> List.of();
        };
    }

    /** Only the line at the bottom goes with it: a rehearsal may take minutes. */
    private List<String> rehearsal(JsonObject detail) {
        long needed = number(detail, "needed");
        if (step.equals("gate")) {
            now = language.of(
                    "rehearsal: " + number(detail, "requests") + " of " + needed + " requests compared",
                    "리허설: 요청 " + needed + "개 중 " + number(detail, "requests") + "개 비교");
        }
        return List.of();
    }

    private List<String> probe(JsonObject detail) {
        Gate gate = gates.computeIfAbsent(text(detail, "target"), target -> new Gate());
        String what = text(detail, "target") + (text(detail, "path").isEmpty() ? "" : " GET " + text(detail, "path"))
                + ": " + seen(detail);
        gate.text = what + time(detail);
        if (seen(detail).equals(gate.seen) || gate.lines >= MOST_LINES_OF_TARGET) {
            return List.of();
        }
        gate.seen = seen(detail);
        gate.lines++;
        return List.of(gate.text);
    }

    private String seen(JsonObject detail) {
        Object status = detail.getValue("status");
        String seen = status == null ? text(detail, "cause") : String.valueOf(status);
        if (!Boolean.TRUE.equals(detail.getValue("good"))) {
            return seen;
        }
        // A target that has passed is probed on while another one has not.
        long needed = number(detail, "needed");
        long good = Math.min(number(detail, "goodInARow"), needed);
        return language.of(seen + ", good " + good + " of " + needed, seen + ", 정상 " + good + "/" + needed);
    }

    private String time(JsonObject detail) {
        if (!(detail.getValue("elapsedMillis") instanceof Number passed)
                || !(detail.getValue("deadlineMillis") instanceof Number deadline)) {
            return "";
        }
        long seconds = passed.longValue() / 1_000;
        long most = deadline.longValue() / 1_000;
        return language.of(" (" + seconds + " of " + most + " s)", " (" + most + "초 중 " + seconds + "초)");
    }

    private List<String> warmUp(JsonObject detail) {
        Gate gate = gates.computeIfAbsent(text(detail, "target"), target -> new Gate());
        gate.text = language.of(
                text(detail, "target") + " warm-up, round " + detail.getValue("round") + ": "
                        + detail.getValue("requests") + " requests, " + detail.getValue("failures") + " failed, p95 "
                        + detail.getValue("p95Millis") + " ms",
                text(detail, "target") + " 예열 " + detail.getValue("round") + "회차: 요청 "
                        + detail.getValue("requests") + "개, 실패 " + detail.getValue("failures") + "개, p95 "
                        + detail.getValue("p95Millis") + " ms");
        boolean isFirst = !gate.seen.equals("warmup");
        gate.seen = "warmup";
        return isFirst ? List.of(gate.text) : List.of();
    }

    private List<String> switched(JsonObject receipt) {
        boolean isBack = isFlipped;
        isFlipped = true;
        gates.clear();
        from = text(receipt, "from");
        to = text(receipt, "to");
        if (isBack) {
            return List.of(language.of(to + " serves again", to + "이(가) 다시 서비스 중입니다"));
        }
        return List.of(language.of(
                "switched: " + to + " serves, no longer " + from, "전환됨: " + from + " 대신 " + to + "이(가) 서비스 중입니다"));
    }

    private List<String> changed() {
        isFlipped = true;
        gates.clear();
        return List.of();
    }

    private List<String> drain(JsonObject detail) {
        now = language.of(
                "drain: " + detail.getValue("inFlight") + " in flight (" + seconds(detail, "elapsedMillis") + " of "
                        + seconds(detail, "timeoutMillis") + " s)",
                "드레인: 처리 중인 요청 " + detail.getValue("inFlight") + "개 (" + seconds(detail, "timeoutMillis") + "초 중 "
                        + seconds(detail, "elapsedMillis") + "초)");
        return List.of();
    }

    private List<String> watch(JsonObject detail) {
        now = language.of(
                "watching " + side(detail, "after") + "; before: " + side(detail, "before") + "; "
                        + seconds(detail, "leftMillis") + " s left",
                side(detail, "after") + " 감시 중. 이전: " + side(detail, "before") + ". " + seconds(detail, "leftMillis")
                        + "초 남음");
        return List.of();
    }

    private String side(JsonObject detail, String name) {
        if (!(detail.getValue(name) instanceof JsonObject side)) {
            return "?";
        }
        String p99 = side.getValue("p99Millis") instanceof Number millis ? ", p99 " + millis.longValue() + " ms" : "";
        return text(side, "slot") + " "
                + language.of(
                        side.getValue("requests") + " requests, " + side.getValue("errors") + " errors",
                        "요청 " + side.getValue("requests") + "개, 오류 " + side.getValue("errors") + "개")
                + rate(side) + p99;
    }

    private static String rate(JsonObject side) {
        return side.getValue("errorRate") instanceof Number rate
                ? String.format(Locale.ROOT, " (%.2f %%)", rate.doubleValue() * 100)
                : "";
    }

    private static long seconds(JsonObject detail, String name) {
        return detail.getValue(name) instanceof Number millis ? millis.longValue() / 1_000 : 0;
    }

    /** Returns the lines that are true now: one for each target of the gate, or one for a drain or a watch. */
    List<String> live() {
        if (!now.isEmpty()) {
            return List.of(now);
        }
        List<String> lines = new ArrayList<>();
        gates.values().forEach(gate -> lines.add(gate.text));
        if (lines.isEmpty()) {
            lines.add(language.of("waiting for Turnout ...", "Turnout을 기다리는 중 ..."));
        }
        return lines;
    }

    private static String text(JsonObject detail, String name) {
        return detail.getValue(name) instanceof String text ? text : "";
    }

    private static long number(JsonObject detail, String name) {
        return detail.getValue(name) instanceof Number number ? number.longValue() : 0;
    }
}
