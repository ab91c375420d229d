package dev.turnout.cli;

import dev.turnout.config.CollectorHeaders;
import dev.turnout.config.ConfigReport;
import dev.turnout.config.ErrorPages;
import dev.turnout.config.RuleFiles;
import dev.turnout.config.ServedConfig;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.notify.Notifications;
import dev.turnout.text.CheckText;
import dev.turnout.text.Phrase;
import dev.turnout.tls.NamedFilesCheck;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** The word {@code check}. It needs no running Turnout: the unit of systemd uses it before each start. */
final class CheckWord implements Word {

    @Override
    public String word() {
        return "check";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Check the configuration, and change nothing", "설정을 검사하고 아무것도 바꾸지 않습니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(new Phrase(
                "Reads the places that a start reads: files, environment, and -D options before the word. All errors are"
                        + " printed, and the exit code is 1 then.",
                "시작할 때와 같은 곳을 읽습니다. 파일, 환경 변수, 단어 앞의 -D 옵션입니다. 오류를 모두 출력하며 그때 종료 코드는" + " 1입니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "turnout check", new Phrase("checks the files that the service reads", "서비스가 읽는 파일을 검사합니다")),
                new Example(
                        "turnout -Dturnout.listen.port=8000 check",
                        new Phrase("checks them with another port", "다른 포트로 검사합니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.json().quiet();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        ConfigReport report = withFiles(ServedConfig.read(session.environment()), session);
        if (Session.has(given, WordSpec.JSON)) {
            session.terminal().line(json(report).encodePrettily());
            return report.isSound() ? ExitCode.DONE : ExitCode.FAILED;
        }
        CheckText.of(report.warnings(), session.language()).forEach(session.terminal()::error);
        if (!report.isSound()) {
            throw failed(report.errors(), session);
        }
        if (!Session.has(given, WordSpec.QUIET)) {
            session.terminal().line(session.say("The configuration has no errors.", "설정에 오류가 없습니다."));
        }
        return ExitCode.DONE;
    }

    /** Returns what the start would say, of the files of certificates, of TLS to targets and of receivers too. */
    private static ConfigReport withFiles(ServedConfig served, Session session) {
        ConfigReport report = served.ofStart();
        if (!report.isSound()) {
            return report;
        }
        TurnoutConfig config = served.values().orElseThrow();
        return report.and(Notifications.check(config))
                .and(new ConfigReport(ErrorPages.refusals(config), List.of()))
                .and(RuleFiles.check(config))
                .and(new ConfigReport(CollectorHeaders.refusals(config.tracing()), List.of()))
                .and(NamedFilesCheck.of(config, session.language()));
    }

    private static JsonObject json(ConfigReport report) {
        return new JsonObject()
                .put("sound", report.isSound())
                .put("errors", new JsonArray(report.errors()))
                .put("warnings", new JsonArray(report.warnings()));
    }

    /** Returns the failure of a word because of errors in the configuration. */
    static WordFailed failed(List<String> errors, Session session) {
        List<String> lines = new ArrayList<>();
        lines.add(session.say(
                errors.size() == 1
                        ? "The configuration has one error."
                        : "The configuration has " + errors.size() + " errors.",
                "설정에 오류가 " + errors.size() + "개 있습니다."));
        CheckText.of(errors, session.language()).forEach(error -> lines.add("  - " + error));
        return new WordFailed(ExitCode.FAILED, lines.toArray(String[]::new));
    }
}
