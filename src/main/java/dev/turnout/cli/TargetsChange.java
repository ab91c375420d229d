package dev.turnout.cli;

import dev.turnout.client.AdminPath;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.ParseResult;

/** What the word {@code targets} can do with the targets of a slot. */
enum TargetsChange {
    SET,
    ADD,
    REMOVE,
    RESET;

    static String[] words() {
        return Stream.of(values()).map(TargetsChange::word).toArray(String[]::new);
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Makes a change. Several targets are added or removed one after another, up to the first that is refused. */
    static ExitCode run(String action, ParseResult given, Session session) throws WordFailed {
        TargetsChange change = Stream.of(values())
                .filter(known -> known.word().equals(action))
                .findFirst()
                .orElseThrow(() -> misspelt(session, action));
        String slot = Session.parameter(given, 1).orElse("");
        List<String> targets = given.matchedPositionalValue(2, List.of());
        boolean isLeased = Session.has(given, ChangeOptions.TTL);
        if (slot.isEmpty() || isLeased && change != ADD || (targets.isEmpty() != (change == RESET))) {
            throw misspelt(session, action);
        }
        return change.make(slot, targets, given, session);
    }

    private ExitCode make(String slot, List<String> targets, ParseResult given, Session session) throws WordFailed {
        AdminPath all = AdminPath.of("admin", "slots", slot, "targets");
        if (this == SET) {
            ExpectedOutcome expected = ExpectedOutcome.targets(slot, targets);
            return ChangeCall.make("PUT", all, new JsonArray(targets).encode(), expected, given, session);
        }
        if (this == RESET) {
            return ChangeCall.make("DELETE", all, ExpectedOutcome.configured(slot), given, session);
        }
        ExitCode exit = ExitCode.DONE;
        for (String target : targets) {
            AdminPath one = AdminPath.of("admin", "slots", slot, "targets", target);
            ExpectedOutcome expected = ExpectedOutcome.target(slot, target, this == ADD);
            exit = ChangeCall.make(this == ADD ? "PUT" : "DELETE", one, expected, given, session);
        }
        return exit;
    }

    private static WordFailed misspelt(Session session, String action) {
        return new WordFailed(
                ExitCode.USAGE,
                session.say(
                        "'targets " + action + "' is not understood: 'turnout targets set|add|remove blue|green"
                                + " HOST:PORT ...', or 'turnout targets reset blue|green'. --ttl goes with 'add'.",
                        "'targets " + action + "'을(를) 이해할 수 없습니다: 'turnout targets set|add|remove blue|green HOST:PORT"
                                + " ...' 또는 'turnout targets reset blue|green'. --ttl은 'add'에 씁니다."));
    }
}
