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

/** The word {@code reload}. The unit of systemd uses it too. */
final class ReloadWord implements Word {

    /** A reload waits for a gate and a drain. */
    private static final Duration LONGEST = Duration.ofHours(24);

    @Override
    public String word() {
        return "reload";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Bring the changed configuration into force", "바뀐 설정을 적용합니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(
                new Phrase(
                        "The running Turnout reads its files again. All of it comes into force, or nothing: a file with"
                                + " an error changes nothing. No connection is closed.",
                        "실행 중인 Turnout이 설정 파일을 다시 읽습니다. 전부 적용되거나 아무것도 적용되지 않습니다. 오류가 있으면"
                                + " 아무것도 바뀌지 않습니다. 연결은 끊기지 않습니다."),
                new Phrase(
                        "A new target of the serving slot has to be healthy first. Keys that need a restart are named,"
                                + " and keep their values.",
                        "서비스 중인 슬롯에 추가된 대상은 먼저 정상이어야 합니다. 재시작이 필요한 키는 이름을 알려 주고 값은 그대로" + " 둡니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "turnout reload --note 'longer time-outs'",
                        new Phrase("brings the changed files into force", "바뀐 설정 파일을 적용합니다")),
                new Example(
                        "turnout check && systemctl reload turnout",
                        new Phrase("does the same by the service, after a check", "검사한 뒤 서비스를 통해 적용합니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.flag(
                        new Phrase("new targets get traffic without a health check", "새 대상을 상태 확인 없이 사용합니다"),
                        ChangeOptions.FORCE)
                .option(
                        "NAME",
                        new Phrase(
                                "who asks for it; $SUDO_USER or $USER by default", "요청자. 기본값은 $SUDO_USER 또는 $USER입니다"),
                        ChangeOptions.BY)
                .option("TEXT", new Phrase("a note for the history", "기록에 남길 메모"), ChangeOptions.NOTE)
                .remote()
                .json()
                .quiet();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        TurnoutLocation location = session.location(given);
        AdminPath path = AdminPath.of("admin", "reload")
                .with("force", Session.has(given, ChangeOptions.FORCE))
                .with("by", Session.option(given, ChangeOptions.BY).or(session::person))
                .with("note", Session.option(given, ChangeOptions.NOTE));
        AdminOutcome outcome = location.client().call("POST", path, LONGEST);
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
