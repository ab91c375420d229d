package dev.turnout.text;

import dev.turnout.routing.VisibleText;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What people are told of an event: a title, and lines that explain it.
 *
 * @param title without a line end
 * @param lines at most {@value #MOST_LINES}, without line ends
 */
public record NotificationText(Tone tone, String title, List<String> lines) {

    private static final int MOST_LINES = 10;
    private static final int TITLE_CHARACTERS = 200;
    private static final int LINE_CHARACTERS = 400;

    /** How good the news is. */
    public enum Tone {
        GOOD,
        WARNING,
        BAD
    }

    public NotificationText(Tone tone, String title, List<String> lines) {
        this.tone = tone;
        this.title = VisibleText.of(title, TITLE_CHARACTERS);
        this.lines = lines.stream()
                .limit(MOST_LINES)
                .map(line -> VisibleText.of(line, LINE_CHARACTERS))
                .toList();
    }

    /** Returns the text of the message that tries whether a receiver can be told. */
    public static NotificationText ofTest(Language in) {
        return new NotificationText(
                Tone.GOOD,
                in.of("Turnout can write here", "Turnout 알림이 여기에 도착합니다"),
                List.of(in.of(
                        "This message was sent by 'turnout notify test'. Nothing has happened.",
                        "'turnout notify test'가 보낸 메시지입니다. 아무 일도 일어나지 않았습니다.")));
    }

    /** Returns the text for a receipt of a switch, with {@code what, who, by, note} of the order. */
    public static NotificationText ofSwitch(String service, JsonObject receipt, Language in) {
        Facts facts = new Facts(receipt);
        List<String> lines = new ArrayList<>(withoutNext(ReceiptText.of(receipt, in), in));
        String headline = lines.remove(0);
        lines.add(0, asker(facts, in));
        return new NotificationText(Tone.GOOD, service + ": " + headline, lines);
    }

    /** Returns the text for a receipt after which the slot before serves again. */
    public static NotificationText ofSwitchBack(String service, JsonObject receipt, Language in) {
        Facts facts = new Facts(receipt);
        String serving = facts.object("serving").map(now -> now.serving(in)).orElse("?");
        boolean isRollback =
                facts.text("what").filter(what -> what.startsWith("rollback")).isPresent();
        List<String> lines = new ArrayList<>(withoutNext(ReceiptText.of(receipt, in), in));
        lines.set(0, asker(facts, in));
        return new NotificationText(
                isRollback ? Tone.WARNING : Tone.BAD,
                service + ": "
                        + (isRollback
                                ? in.of(
                                        "Rolled back: " + serving + " serves again.",
                                        "되돌림: " + serving + "가 다시 서비스합니다.")
                                : in.of(
                                        "SWITCHED BACK: the new slot was worse, and " + serving + " serves again.",
                                        "자동으로 되돌림: 새 슬롯의 상태가 나빠 " + serving + "가 다시 서비스합니다.")),
                lines);
    }

    /** Returns the text for a report of a maintenance or of its end, with {@code what, who, by, note} of the order. */
    public static NotificationText ofMaintenance(String service, JsonObject report, Language in) {
        Facts facts = new Facts(report);
        Optional<Facts> terms = facts.object("maintenance");
        List<String> lines = new ArrayList<>(withoutNext(ReceiptText.of(report, in), in));
        String headline = lines.remove(0);
        lines.add(0, asker(facts, in));
        terms.flatMap(of -> of.text("message"))
                .ifPresent(message -> lines.add(1, in.of("Message: ", "메시지: ") + message));
        return new NotificationText(terms.isPresent() ? Tone.WARNING : Tone.GOOD, service + ": " + headline, lines);
    }

    private static List<String> withoutNext(List<String> lines, Language in) {
        return lines.stream()
                .filter(line -> !line.startsWith(in.of("Next: ", "다음: ")))
                .toList();
    }

    private static String asker(Facts facts, Language in) {
        return in.of("Asked for: ", "요청: ")
                + facts.word("what")
                + in.of(", by ", ", 요청자 ")
                + facts.asker()
                + facts.text("note").map(note -> ": " + note).orElse("");
    }

    /** Returns the text for a change that was not made: {@code what, who, by, note, problem{reason, detail, gate}}. */
    public static NotificationText ofRefusal(String service, JsonObject refusal, Language in) {
        Facts facts = new Facts(refusal);
        List<String> lines = new ArrayList<>();
        lines.add(asker(facts, in));
        facts.object("problem").ifPresent(problem -> lines.addAll(ProblemText.of(problem(problem), in)));
        String what = facts.word("what");
        return new NotificationText(
                Tone.WARNING,
                service + ": " + in.of("Refused: " + what + ".", "거부됨: " + what + "."),
                lines.stream().distinct().toList());
    }

    /** Returns a refusal in the form that the admin API gives it. */
    private static JsonObject problem(Facts problem) {
        String reason = problem.word("reason");
        String type =
                switch (reason) {
                    case "INVALID" -> "bad-request";
                    case "NOT_PUBLISHED" -> "nginx-failed";
                    default -> reason.toLowerCase(Locale.ROOT).replace('_', '-');
                };
        return problem.json().copy().put("type", type).put("title", reason.replace('_', ' '));
    }

    /** Returns the text for an outage of a whole service that begins: {@code reason}. */
    public static NotificationText ofOutage(String service, JsonObject outage, Language in) {
        return new NotificationText(
                Tone.BAD,
                service + ": " + in.of("DOWN, no target is up.", "중단됨: 정상인 대상이 없습니다."),
                new Facts(outage).text("reason").stream().toList());
    }

    /** Returns the text for the end of an outage: {@code what, durationMillis}, and {@code served} if it is false. */
    public static NotificationText ofReturn(String service, JsonObject outage, Language in) {
        Facts facts = new Facts(outage);
        String lasted = facts.time("durationMillis");
        boolean isServed = !Boolean.FALSE.equals(outage.getValue("served"));
        return new NotificationText(
                isServed ? Tone.GOOD : Tone.WARNING,
                service + ": "
                        + (isServed
                                ? in.of("UP again.", "다시 정상입니다.")
                                : in.of("REMOVED while it was down.", "중단된 상태에서 제거되었습니다.")),
                List.of(
                        in.of("It was down for " + lasted + ".", "중단 시간: " + lasted + "."),
                        in.of("Now: ", "현재: ") + facts.word("what") + "."));
    }

    /** Returns the text for an event of a certificate: {@code verdict, names, file, reason, daysLeft}. */
    public static NotificationText ofCertificate(JsonObject event, Language in) {
        Facts facts = new Facts(event);
        List<String> names = facts.texts("names");
        String of = names.isEmpty()
                ? facts.text("file").orElse("?")
                : names.get(0) + (names.size() > 1 ? " +" + (names.size() - 1) : "");
        List<String> lines = Stream.of(
                        facts.text("reason").map(reason -> TlsText.of(facts, "because", reason, in)),
                        facts.text("file").map(file -> in.of("File: ", "파일: ") + file),
                        facts.text("notAfter").map(end -> in.of("Ends: ", "만료: ") + end))
                .flatMap(Optional::stream)
                .toList();
        return switch (facts.word("verdict")) {
            case "certificate-ending" ->
                new NotificationText(
                        Tone.WARNING,
                        in.of(
                                "The certificate of " + of + " ends in " + facts.word("daysLeft") + " days.",
                                of + " 인증서가 " + facts.word("daysLeft") + "일 뒤 만료됩니다."),
                        lines);
            case "certificate-failed" ->
                new NotificationText(
                        Tone.BAD,
                        in.of(
                                "The certificate of " + of + " could not be renewed or read.",
                                of + " 인증서를 갱신하거나 읽지 못했습니다."),
                        lines);
            default ->
                new NotificationText(
                        Tone.GOOD,
                        in.of("The certificate of " + of + " is in order again.", of + " 인증서가 다시 정상입니다."),
                        lines);
        };
    }
}
