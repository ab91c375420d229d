package dev.turnout.cli;

import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.AdminOutcome.Refused;
import dev.turnout.client.AdminPath;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.routing.VisibleText;
import dev.turnout.text.CertificatesText;
import dev.turnout.text.ChangeText;
import dev.turnout.text.Facts;
import dev.turnout.text.Phrase;
import dev.turnout.text.TlsText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** The word {@code certificates}: lists them, or has their files looked at. */
final class CertificatesWord implements Word {

    private static final String RELOAD = "reload";

    /** All files may lie in a slow folder. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    /** Fewer days than these are shown in yellow. */
    private static final long FEW_DAYS = 14;

    private static final int CELL_CHARACTERS = 300;

    @Override
    public String word() {
        return "certificates";
    }

    @Override
    public Phrase summary() {
        return new Phrase("List the certificates for HTTPS, or look at their files", "HTTPS 인증서를 보여 주거나 파일을 다시 읽습니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(
                new Phrase(
                        "The list has the names, the issuer, the days that are left, the source, and the last error: in"
                                + " the words of the certificate authority if it has refused.",
                        "이름, 발급자, 남은 일수, 출처, 마지막 오류를 보여 줍니다. 인증 기관이 거절했다면 그 기관이 한 말입니다."),
                new Phrase(
                        "'certificates reload' has Turnout look at the files now, and not within 10 seconds. No"
                                + " connection is closed. A certificate that can't be served leaves the old one in use,"
                                + " and the exit code is 1.",
                        "'certificates reload'는 10초를 기다리지 않고 파일을 지금 다시 읽습니다. 연결은 끊기지 않습니다. 사용할 수 없는"
                                + " 인증서가 있으면 이전 것을 계속 쓰고 종료 코드는 1입니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("turnout certificates", new Phrase("lists all certificates", "모든 인증서를 보여 줍니다")),
                new Example(
                        "turnout certificates reload",
                        new Phrase("takes the files that certbot has renewed", "certbot이 갱신한 파일을 사용합니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.parameter("reload", false, new Phrase("look at the files now", "파일을 지금 다시 읽습니다"), RELOAD)
                .remote()
                .json()
                .quiet();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        TurnoutLocation location = session.location(given);
        String action = given.matchedPositionalValue(0, "");
        if (action.equals(RELOAD)) {
            return reload(given, session, location);
        }
        if (!action.isEmpty()) {
            throw new WordFailed(
                    ExitCode.USAGE,
                    session.say(
                            "'" + action
                                    + "' is not known here. 'turnout certificates' lists, and 'turnout certificates"
                                    + " reload' looks at the files.",
                            "'" + action + "'은(는) 알 수 없는 말입니다. 'turnout certificates'는 목록을 보여 주고, 'turnout"
                                    + " certificates reload'는 파일을 다시 읽습니다."));
        }
        Answer answer = new Answer(session, location);
        Answered answered =
                answer.answered(location.client().call("GET", AdminPath.of("admin", "certificates"), Answer.QUICK));
        if (Session.has(given, WordSpec.JSON)) {
            session.terminal().line(answered.body());
        } else if (!Session.has(given, WordSpec.QUIET)) {
            lines(answer.json(answered), session).forEach(session.terminal()::line);
        }
        return ExitCode.DONE;
    }

    private static ExitCode reload(ParseResult given, Session session, TurnoutLocation location) throws WordFailed {
        AdminOutcome outcome = location.client().call("POST", AdminPath.of("admin", "certificates", RELOAD), LONGEST);
        Answer answer = new Answer(session, location);
        if (Session.has(given, WordSpec.JSON)) {
            if (outcome instanceof Refused refused) {
                session.terminal().line(refused.body());
                return Answer.exit(refused);
            }
            session.terminal().line(answer.answered(outcome).body());
            return ExitCode.DONE;
        }
        if (outcome instanceof Refused refused && refused.type().equals("bad-certificate")) {
            throw new WordFailed(
                    ExitCode.FAILED,
                    ChangeText.of(refused.json(), session.language()).toArray(String[]::new));
        }
        JsonObject report = answer.json(outcome);
        if (!Session.has(given, WordSpec.QUIET)) {
            CertificatesText.of(report, session.language()).forEach(session.terminal()::line);
        }
        return ExitCode.DONE;
    }

    private static List<String> lines(JsonObject answer, Session session) {
        List<JsonObject> certificates = new Facts(answer)
                .objects("certificates").stream().map(Facts::json).toList();
        List<String> lines = new ArrayList<>();
        if (certificates.isEmpty()) {
            lines.add(session.say(
                    "There are no certificates. turnout.acme.email and turnout.acme.terms-agreed=true get them from"
                            + " Let's Encrypt; turnout.tls.directory names a folder of your own.",
                    "인증서가 없습니다. turnout.acme.email과 turnout.acme.terms-agreed=true를 설정하면 Let's Encrypt에서 받습니다. 직접"
                            + " 가진 인증서는 turnout.tls.directory에 폴더를 지정하십시오."));
        } else {
            Table table = new Table();
            table.row(
                    head(session, "NAMES", "이름"),
                    head(session, "ISSUER", "발급자"),
                    head(session, "DAYS LEFT", "남은 일수"),
                    head(session, "SOURCE", "출처"),
                    head(session, "LAST ERROR", "마지막 오류"));
            certificates.forEach(certificate -> row(table, certificate, session));
            lines.addAll(table.lines());
        }
        new Facts(answer)
                .objects("problems").stream()
                        .map(Facts::json)
                        .forEach(problem -> lines.add(session.terminal()
                                .styled(
                                        Boolean.TRUE.equals(problem.getValue("warning")) ? Style.YELLOW : Style.RED,
                                        reason(problem, "text", "because", session))));
        return lines;
    }

    private static void row(Table table, JsonObject certificate, Session session) {
        table.row(
                names(certificate),
                cell(certificate, "issuer"),
                daysLeft(certificate, session),
                cell(certificate, "source"),
                error(certificate, session));
    }

    private static String names(JsonObject certificate) {
        if (!(certificate.getValue("names") instanceof JsonArray names) || names.isEmpty()) {
            return "-";
        }
        String first = VisibleText.of(String.valueOf(names.getValue(0)), CELL_CHARACTERS);
        return names.size() == 1 ? first : first + " +" + (names.size() - 1);
    }

    private static String daysLeft(JsonObject certificate, Session session) {
        if (!(certificate.getValue("daysLeft") instanceof Number days)) {
            return "-";
        }
        Style style = days.longValue() < 0 ? Style.RED : days.longValue() < FEW_DAYS ? Style.YELLOW : Style.GREEN;
        return session.terminal().styled(style, days.toString());
    }

    private static String error(JsonObject certificate, Session session) {
        String error = reason(certificate, "lastError", "lastErrorBecause", session);
        if (error.equals("-")) {
            return error;
        }
        Times times = new Times(session.language(), Instant.now(), ZoneId.systemDefault());
        String next = Times.parse(cell(certificate, "nextTry"))
                .map(at -> session.say(" (next try at ", " (다음 시도 ") + times.at(at) + ")")
                .orElse("");
        return session.terminal().styled(Style.RED, error + next);
    }

    private static String reason(JsonObject object, String text, String because, Session session) {
        String inLanguage = TlsText.of(new Facts(object), because, cell(object, text), session.language());
        return VisibleText.of(inLanguage, CELL_CHARACTERS);
    }

    private static String cell(JsonObject object, String member) {
        Object value = object.getValue(member);
        return value == null || value.toString().isEmpty() ? "-" : VisibleText.of(value.toString(), CELL_CHARACTERS);
    }

    private static String head(Session session, String english, String korean) {
        return session.terminal().styled(Style.BOLD, session.say(english, korean));
    }
}
