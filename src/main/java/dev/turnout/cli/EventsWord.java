package dev.turnout.cli;

import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.text.Phrase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ParseResult;

/** The word {@code events}. */
final class EventsWord implements Word {

    private static final List<String> SHOWN = List.of(
            "what",
            "step",
            "target",
            "good",
            "cause",
            "goodInARow",
            "needed",
            "from",
            "to",
            "active",
            "revision",
            "verdict",
            "names",
            "file",
            "daysLeft",
            "reason");

    @Override
    public String word() {
        return "events";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Print what happens, as it happens", "일어나는 일을 실시간으로 출력합니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(new Phrase(
                "It prints a line for each event until Ctrl-C. With --json each line is a JSON object.",
                "Ctrl-C를 누를 때까지 이벤트마다 한 줄을 출력합니다. --json에서는 각 줄이 JSON 객체입니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(new Example(
                "turnout events --json | jq .event", new Phrase("prints the kinds of events", "이벤트 종류를 출력합니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.service().json();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        TurnoutLocation location = session.location(given);
        boolean isJson = Session.has(given, WordSpec.JSON);
        AdminOutcome outcome = location.client().events(Session.service(given), (kind, detail) -> {
            session.terminal().line(isJson ? json(kind, detail) : line(session, kind, detail));
            return !session.terminal().isClosed();
        });
        if (outcome instanceof Answered) {
            return ExitCode.DONE;
        }
        throw new Answer(session, location).failed(outcome);
    }

    private static String json(String kind, JsonObject detail) {
        return new JsonObject().put("event", kind).put("data", detail).encode();
    }

    private static String line(Session session, String kind, JsonObject detail) {
        Instant now = Instant.now();
        List<String> facts = new ArrayList<>();
        for (String name : SHOWN) {
            Object value = detail.getValue(name);
            if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                facts.add(name + "=" + value);
            } else if (value instanceof JsonArray array) {
                facts.add(name + "=" + array.stream().map(String::valueOf).collect(Collectors.joining(",")));
            }
        }
        return new Times(session.language(), now, ZoneId.systemDefault()).at(now) + "  "
                + session.terminal().styled(Style.BOLD, kind) + "  " + String.join(" ", facts);
    }
}
