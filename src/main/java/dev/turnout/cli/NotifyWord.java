package dev.turnout.cli;

import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminOutcome.Refused;
import dev.turnout.client.AdminPath;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.routing.VisibleText;
import dev.turnout.text.Phrase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** The word {@code notify}: has Turnout send a message that tries the receivers of notifications. */
final class NotifyWord implements Word {

    private static final String TEST = "test";

    /** Each receiver has ten seconds, all at once. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final int REASON_CHARACTERS = 300;

    @Override
    public String word() {
        return "notify";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Try the receivers of notifications", "알림을 받는 곳을 시험합니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(
                new Phrase(
                        "'notify test' has Turnout send a message to each receiver once, and says what each has"
                                + " answered. The receivers are set by the keys under turnout.notify.",
                        "'notify test'는 알림을 받는 곳마다 메시지를 한 번 보내고 각각의 응답을 보여 줍니다. 받는 곳은 turnout.notify 아래의"
                                + " 키로 설정합니다."),
                new Phrase(
                        "The exit code is 1 if a receiver has not taken the message, or if there is none.",
                        "메시지를 받지 못한 곳이 있거나 받는 곳이 없으면 종료 코드는 1입니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("turnout notify test", new Phrase("tries all receivers", "받는 곳을 모두 시험합니다")),
                new Example("turnout notify test ops", new Phrase("tries receiver ops", "ops만 시험합니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.parameter("test", true, new Phrase("send a message to each receiver", "받는 곳마다 메시지를 보냅니다"), TEST)
                .parameter("receiver", false, new Phrase("the name of one receiver", "받는 곳 하나의 이름"))
                .remote()
                .json()
                .quiet();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        String action = given.matchedPositionalValue(0, "");
        if (!action.equals(TEST)) {
            throw new WordFailed(
                    ExitCode.USAGE,
                    session.say(
                            "'" + action
                                    + "' is not known here. 'turnout notify test' sends a message to each receiver.",
                            "'" + action + "'은(는) 알 수 없는 말입니다. 'turnout notify test'는 받는 곳마다 메시지를 보냅니다."));
        }
        TurnoutLocation location = session.location(given);
        AdminOutcome outcome = location.client().call("POST", path(given.matchedPositionalValue(1, "")), LONGEST);
        Answer answer = new Answer(session, location);
        if (outcome instanceof Refused refused && refused.type().equals("notification-failed")) {
            show(given, session, refused.body(), refused.json());
            return ExitCode.FAILED;
        }
        if (Session.has(given, WordSpec.JSON) && outcome instanceof Refused refused) {
            session.terminal().line(refused.body());
            return Answer.exit(refused);
        }
        show(given, session, answer.answered(outcome).body(), answer.json(outcome));
        return ExitCode.DONE;
    }

    private static AdminPath path(String receiver) {
        AdminPath path = AdminPath.of("admin", "notify", TEST);
        return receiver.isEmpty() ? path : path.with("receiver", receiver);
    }

    private static void show(ParseResult given, Session session, String body, JsonObject report) {
        if (Session.has(given, WordSpec.JSON)) {
            session.terminal().line(body);
        } else if (!Session.has(given, WordSpec.QUIET)) {
            lines(report, session).forEach(session.terminal()::line);
        }
    }

    private static List<String> lines(JsonObject report, Session session) {
        Table table = new Table();
        table.row(
                session.terminal().styled(Style.BOLD, session.say("RECEIVER", "받는 곳")),
                session.terminal().styled(Style.BOLD, session.say("FORM", "형식")),
                session.terminal().styled(Style.BOLD, session.say("RESULT", "결과")));
        if (report.getValue("receivers") instanceof JsonArray receivers) {
            for (Object element : receivers) {
                if (element instanceof JsonObject receiver) {
                    table.row(cell(receiver, "receiver"), cell(receiver, "form"), result(receiver, session));
                }
            }
        }
        return new ArrayList<>(table.lines());
    }

    private static String result(JsonObject receiver, Session session) {
        if (Boolean.TRUE.equals(receiver.getValue("sent"))) {
            return session.terminal().styled(Style.GREEN, session.say("sent", "보냄"));
        }
        return session.terminal()
                .styled(
                        Style.RED,
                        session.say(
                                "not sent: it " + cell(receiver, "reason"),
                                "보내지 못함: " + korean(cell(receiver, "cause")) + " (" + cell(receiver, "reason") + ")"));
    }

    private static String korean(String cause) {
        return switch (cause) {
            case "answer" -> "받는 곳이 거절했습니다";
            case "redirect" -> "다른 주소로 보내는 응답은 따르지 않습니다";
            case "no-answer" -> "응답이 없습니다";
            case "unknown-host" -> "호스트 이름을 찾을 수 없습니다";
            case "not-trusted" -> "인증서를 신뢰할 수 없습니다";
            case "unreachable" -> "연결할 수 없습니다";
            default -> "메시지를 만들지 못했습니다";
        };
    }

    private static String cell(JsonObject receiver, String member) {
        Object value = receiver.getValue(member);
        return value == null ? "-" : VisibleText.of(value.toString(), REASON_CHARACTERS);
    }
}
