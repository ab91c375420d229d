package dev.turnout.cli;

import dev.turnout.client.AdminClient;
import dev.turnout.config.ServedConfig;
import dev.turnout.doctor.Doctor;
import dev.turnout.doctor.Finding;
import dev.turnout.doctor.Severity;
import dev.turnout.text.Phrase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The word {@code doctor}. It works whether or not Turnout runs, and changes nothing. */
final class DoctorWord implements Word {

    private static final String BEFORE_ADVICE = "        -> ";

    @Override
    public String word() {
        return "doctor";
    }

    @Override
    public Phrase summary() {
        return new Phrase(
                "Find what keeps this machine, its settings or the application from serving without a gap",
                "이 서버, 설정, 애플리케이션에서 무중단 서비스를 방해하는 것을 찾습니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(
                new Phrase(
                        "Turnout need not run. Nothing is changed. The keep-alive time of applications is measured, which"
                                + " takes a second more than turnout.upstream.idle.",
                        "Turnout이 실행 중이 아니어도 됩니다. 아무것도 바꾸지 않습니다. 애플리케이션의 keep-alive 시간을 측정하므로"
                                + " turnout.upstream.idle 보다 1초 더 걸립니다."),
                new Phrase(
                        "The exit code is 1 if there is an error. Root sees the processes of other users too.",
                        "오류가 있으면 종료 코드는 1입니다. root로 실행하면 다른 사용자의 프로세스도 볼 수 있습니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("turnout doctor", new Phrase("shows all findings", "모든 결과를 보여 줍니다")),
                new Example(
                        "turnout doctor -q || echo look",
                        new Phrase("prints errors only, and fails if there are any", "오류만 출력하고, 오류가 있으면 실패합니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.remote().json().quiet();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        ServedConfig configuration = ServedConfig.read(session.environment());
        List<Finding> findings = new Doctor(configuration, turnout(given, session, configuration)).examine();
        if (Session.has(given, WordSpec.JSON)) {
            session.terminal().line(json(findings, session).encodePrettily());
        } else {
            print(findings, Session.has(given, WordSpec.QUIET), session);
        }
        return count(findings, Severity.ERROR) > 0 ? ExitCode.FAILED : ExitCode.DONE;
    }

    /** Returns a client of the running Turnout. A configuration that does not tell its place is a finding, not a failure. */
    private static Optional<AdminClient> turnout(ParseResult given, Session session, ServedConfig configuration)
            throws WordFailed {
        try {
            return Optional.of(session.client(given));
        } catch (WordFailed e) {
            if (configuration.report().isSound() && e.exit() == ExitCode.USAGE) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    private static JsonObject json(List<Finding> findings, Session session) {
        JsonArray array = new JsonArray();
        findings.forEach(finding -> array.add(new JsonObject()
                .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
                .put("check", finding.check())
                .put("seen", session.say(finding.seen()))
                .put("advice", session.say(finding.advice()))));
        return new JsonObject()
                .put("errors", count(findings, Severity.ERROR))
                .put("warnings", count(findings, Severity.WARNING))
                .put("findings", array);
    }

    private static void print(List<Finding> findings, boolean isQuiet, Session session) {
        Terminal terminal = session.terminal();
        for (Finding finding : findings) {
            if (isQuiet && finding.severity() != Severity.ERROR) {
                continue;
            }
            terminal.line(Columns.padded(level(finding.severity(), session), BEFORE_ADVICE.length() - 3)
                    + session.say(finding.seen()) + ".");
            if (finding.severity() != Severity.GOOD) {
                terminal.line(BEFORE_ADVICE + session.say(finding.advice()) + ".");
            }
        }
        if (!isQuiet) {
            terminal.line(sum(count(findings, Severity.ERROR), count(findings, Severity.WARNING), session));
        }
    }

    private static String level(Severity severity, Session session) {
        return switch (severity) {
            case GOOD -> session.terminal().styled(Style.GREEN, session.say("ok", "정상"));
            case ADVICE -> session.terminal().styled(Style.CYAN, session.say("note", "참고"));
            case WARNING -> session.terminal().styled(Style.YELLOW, session.say("WARN", "경고"));
            case ERROR -> session.terminal().styled(Style.RED, session.say("ERROR", "오류"));
        };
    }

    private static String sum(long errors, long warnings, Session session) {
        if (errors == 0 && warnings == 0) {
            return session.say("Nothing is wrong.", "문제가 없습니다.");
        }
        return session.say(
                "Errors: " + errors + ", warnings: " + warnings + ".", "오류 " + errors + "개, 경고 " + warnings + "개.");
    }
}
