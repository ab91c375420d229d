package dev.turnout.cli;

import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.AdminOutcome.Lost;
import dev.turnout.client.AdminOutcome.Refused;
import dev.turnout.client.AdminPath;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.text.Phrase;
import dev.turnout.text.ReloadText;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** What a call that brings a configuration into force is answered with, for people or programs. */
final class ReloadCall {

    /** A reload waits for a gate and a drain. */
    static final Duration LONGEST = Duration.ofHours(24);

    private ReloadCall() {}

    /**
     * Adds the options of such a call to a word.
     *
     * @param force what {@code --force} means there
     */
    static void define(WordSpec spec, Phrase force) {
        ChangeOptions.noted(spec.flag(force, ChangeOptions.FORCE))
                .remote()
                .json()
                .quiet();
    }

    /** Returns a path with the options that were given. */
    static AdminPath added(AdminPath path, ParseResult given, Session session) {
        return path.with("force", Session.has(given, ChangeOptions.FORCE))
                .with("by", Session.option(given, ChangeOptions.BY).or(session::person))
                .with("note", Session.option(given, ChangeOptions.NOTE));
    }

    /** Prints the answer. */
    static ExitCode answered(AdminOutcome outcome, ParseResult given, Session session, TurnoutLocation location)
            throws WordFailed {
        boolean isJson = Session.has(given, WordSpec.JSON);
        if (outcome instanceof Answered answered) {
            show(answered, isJson, given, session, location);
            return ExitCode.DONE;
        }
        if (outcome instanceof Refused refused && isJson) {
            session.terminal().line(refused.body());
            return Answer.exit(refused);
        }
        throw failed(outcome, session, location);
    }

    private static void show(
            Answered answered, boolean isJson, ParseResult given, Session session, TurnoutLocation location)
            throws WordFailed {
        if (isJson) {
            session.terminal().line(answered.body());
        } else if (!Session.has(given, WordSpec.QUIET)) {
            Answer answer = new Answer(session, location);
            ReloadText.of(answered.json().orElseThrow(answer::otherJson), session.language())
                    .forEach(session.terminal()::line);
        }
    }

    private static WordFailed failed(AdminOutcome outcome, Session session, TurnoutLocation location) {
        WordFailed failed = new Answer(session, location).failed(outcome);
        if (outcome instanceof Lost) {
            return new WordFailed(
                    ExitCode.UNKNOWN,
                    failed.lines().get(0),
                    session.say(
                            "It is not known whether the configuration was loaded: 'turnout history' tells.",
                            "설정이 적용되었는지 알 수 없습니다. 'turnout history'로 확인하십시오."));
        }
        if (outcome instanceof Refused refused && errors(refused).isPresent()) {
            return CheckWord.failed(errors(refused).get(), session);
        }
        return failed;
    }

    private static Optional<List<String>> errors(Refused refused) {
        if (!(refused.json().getValue("errors") instanceof JsonArray errors)) {
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>();
        errors.forEach(error -> lines.add(String.valueOf(error)));
        return Optional.of(lines);
    }
}
