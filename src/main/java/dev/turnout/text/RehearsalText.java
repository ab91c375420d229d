package dev.turnout.text;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** What a rehearsal has found, for people. */
public final class RehearsalText {

    private RehearsalText() {}

    /** Returns true if an answer is about a rehearsal alone. */
    static boolean fits(JsonObject answer) {
        return answer.containsKey("rehearsal") && !answer.containsKey("to");
    }

    /** Returns the lines for an answer about a rehearsal. */
    public static List<String> of(JsonObject answer, Language in) {
        Facts rehearsal = new Facts(answer).object("rehearsal").orElseGet(() -> new Facts(new JsonObject()));
        return List.of(headline(rehearsal, in), found(rehearsal, in));
    }

    private static String headline(Facts rehearsal, Language in) {
        double share = rehearsal.number("share");
        if (share == 0) {
            return in.of("Rehearsal is off: no request is copied.", "리허설 꺼짐: 요청을 복사하지 않습니다.");
        }
        String slot = rehearsal.object("idle").map(idle -> idle.word("slot")).orElse("");
        return in.of(
                "Rehearsal: " + number(share) + " % of the safe requests are copied to slot " + slot
                        + "; the answers are thrown away.",
                "리허설: 안전한 요청의 " + number(share) + " %를 " + slot + " 슬롯으로 복사하고 응답은 버립니다.");
    }

    /** Returns a sentence with the figures. */
    static String found(Facts rehearsal, Language in) {
        String verdict =
                switch (rehearsal.word("verdict")) {
                    case "fails" -> in.of("the idle slot fails more often", "대기 슬롯이 더 자주 실패합니다");
                    case "slower" -> in.of("the idle slot is slower", "대기 슬롯이 더 느립니다");
                    case "better-or-same" -> in.of("the idle slot is no worse", "대기 슬롯이 더 나쁘지 않습니다");
                    default -> in.of("too few to judge", "판단하기에 부족합니다");
                };
        long needed = rehearsal.whole("needed");
        String of =
                needed == 0 ? "" : in.of(" of the " + needed + " that a switch takes", " (전환에 필요한 수 " + needed + ")");
        return in.of(
                Counted.requests(rehearsal.whole("requests")) + " compared" + of + ": " + verdict + "; "
                        + side(rehearsal, "idle", in) + ", " + side(rehearsal, "active", in) + "; "
                        + rehearsal.whole("statusDiffers") + " with another status.",
                "비교한 요청 " + rehearsal.whole("requests") + "개" + of + ": " + verdict + "; " + side(rehearsal, "idle", in)
                        + ", " + side(rehearsal, "active", in) + "; 상태 코드가 다른 요청 "
                        + rehearsal.whole("statusDiffers") + "개.");
    }

    private static String side(Facts rehearsal, String side, Language in) {
        Facts of = rehearsal.object(side).orElseGet(() -> new Facts(new JsonObject()));
        return of.word("slot")
                + in.of(" " + Counted.of(of.whole("errors"), "error", "errors"), " 오류 " + of.whole("errors") + "개")
                + String.format(
                        Locale.ROOT, ", p50 %.1f ms, p99 %.1f ms", of.number("p50Millis"), of.number("p99Millis"));
    }

    private static String number(double share) {
        return share == Math.rint(share) ? String.valueOf((long) share) : String.valueOf(share);
    }
}
