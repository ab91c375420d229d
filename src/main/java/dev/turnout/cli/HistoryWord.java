package dev.turnout.cli;

import dev.turnout.client.AdminPath;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.routing.VisibleText;
import dev.turnout.text.Phrase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** The word {@code history}. */
final class HistoryWord implements Word {

    private static final String LIMIT = "--limit";

    @Override
    public String word() {
        return "history";
    }

    @Override
    public Phrase summary() {
        return new Phrase("List what was done, by whom and when", "무엇을 누가 언제 했는지 보여 줍니다");
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("turnout history -n 5", new Phrase("lists the newest five entries", "가장 최근 다섯 개를 보여 줍니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.option("N", new Phrase("the most entries, 20 by default", "최대 항목 수. 기본값은 20입니다"), "-n", LIMIT)
                .service()
                .json();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        TurnoutLocation location = session.location(given);
        Answer answer = new Answer(session, location);
        AdminPath path = AdminPath.of("admin", "history")
                .with("service", Session.service(given))
                .with("limit", limit(given, session));
        if (Session.has(given, WordSpec.JSON)) {
            session.terminal()
                    .line(answer.answered(location.client().call("GET", path, Answer.QUICK))
                            .body());
            return ExitCode.DONE;
        }
        JsonObject history = answer.get(location.client(), path);
        if (history.getValue("entries") instanceof JsonArray entries) {
            table(session, entries).lines().forEach(session.terminal()::line);
        }
        return ExitCode.DONE;
    }

    private static String limit(ParseResult given, Session session) throws WordFailed {
        String limit = Session.option(given, LIMIT, "20");
        if (limit.matches("[1-9][0-9]{0,2}|1000")) {
            return limit;
        }
        String shown = VisibleText.of(limit, VisibleText.SHORT);
        throw new WordFailed(
                ExitCode.USAGE,
                session.say(
                        "--limit is a number from 1 to 1000, not '" + shown + "'.",
                        "--limit은 1에서 1000까지의 숫자입니다. '" + shown + "'은(는) 쓸 수 없습니다."));
    }

    private static Table table(Session session, JsonArray entries) {
        Times times = new Times(session.language(), Instant.now(), ZoneId.systemDefault());
        Table table = new Table();
        table.row(
                head(session, "WHEN", "시각"),
                head(session, "RESULT", "결과"),
                head(session, "VERSION", "버전"),
                head(session, "BY", "요청자"),
                head(session, "WHAT", "내용"));
        for (Object entry : entries) {
            if (entry instanceof JsonObject json) {
                table.row(
                        Times.parse(text(json, "at")).map(times::at).orElse("-"),
                        verdict(session, text(json, "verdict")),
                        text(json, "version").isEmpty() ? "-" : text(json, "version"),
                        text(json, "by").isEmpty() ? text(json, "who") : text(json, "by"),
                        what(json));
            }
        }
        return table;
    }

    private static String head(Session session, String english, String korean) {
        return session.terminal().styled(Style.BOLD, session.say(english, korean));
    }

    private static String verdict(Session session, String verdict) {
        return switch (verdict) {
            case "refused", "worse", "switched-back", "cut", "outage-began" ->
                session.terminal().styled(Style.RED, verdict);
            case "switched", "drained", "outage-ended" -> session.terminal().styled(Style.GREEN, verdict);
            default -> verdict;
        };
    }

    private static String what(JsonObject entry) {
        String more = text(entry, text(entry, "note").isEmpty() ? "reason" : "note");
        return text(entry, "what") + (more.isEmpty() ? "" : ": " + more);
    }

    private static String text(JsonObject json, String name) {
        return json.getValue(name) instanceof String text ? text : "";
    }
}
