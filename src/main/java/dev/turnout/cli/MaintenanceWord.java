package dev.turnout.cli;

import dev.turnout.client.AdminPath;
import dev.turnout.routing.VisibleText;
import dev.turnout.text.Phrase;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The word {@code maintenance}. */
final class MaintenanceWord implements Word {

    private static final String ON = "on";
    private static final String OFF = "off";
    private static final String MESSAGE = "--message";
    private static final String ALLOW = "--allow";
    private static final String RETRY_AFTER = "--retry-after";

    @Override
    public String word() {
        return "maintenance";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Answer clients with a page of maintenance, or end that", "클라이언트에게 점검 페이지를 보여 주거나 이를 끝냅니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(
                new Phrase(
                        "While maintenance is on, clients get 503 with Retry-After. Requests that run, and WebSockets"
                                + " that are open, go on. Maintenance survives a restart of Turnout.",
                        "점검 중에는 클라이언트가 Retry-After와 함께 503을 받습니다. 처리 중인 요청과 열린 WebSocket은 계속됩니다. 점검 상태는 Turnout을 다시"
                                + " 시작해도 유지됩니다."),
                new Phrase(
                        "'maintenance on' again replaces the message, the allowed addresses and the time.",
                        "'maintenance on'을 다시 실행하면 메시지, 허용 주소, 시간이 새 값으로 바뀝니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "turnout maintenance on --message 'Back at 14:00' --retry-after 30m",
                        new Phrase("answers 503 with this message", "이 메시지와 함께 503으로 응답합니다")),
                new Example(
                        "turnout maintenance on --allow 203.0.113.0/24",
                        new Phrase("still serves clients from there", "이 주소의 클라이언트는 계속 서비스합니다")),
                new Example("turnout maintenance off", new Phrase("serves all clients again", "모든 클라이언트를 다시 서비스합니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.parameter("on|off", true, new Phrase("begin or end the maintenance", "점검을 시작하거나 끝냅니다"), ON, OFF)
                .option("TEXT", new Phrase("what clients are told", "클라이언트에게 보여 줄 메시지"), MESSAGE)
                .option(
                        "CIDR",
                        new Phrase(
                                "addresses whose clients are served as always, with commas between them",
                                "평소처럼 서비스할 클라이언트 주소. 쉼표로 구분합니다"),
                        ALLOW)
                .option(
                        "TIME",
                        new Phrase(
                                "when clients are told to come again; 1m by default", "클라이언트에게 알릴 재시도 시간. 기본값은 1m입니다"),
                        RETRY_AFTER);
        ChangeOptions.any(spec);
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        String what = Session.parameter(given, 0).orElse("");
        AdminPath maintenance = AdminPath.of("admin", "maintenance");
        if (what.equals(ON)) {
            AdminPath terms = maintenance
                    .with("message", Session.option(given, MESSAGE))
                    .with("allow", Session.option(given, ALLOW))
                    .with("retry-after", Session.option(given, RETRY_AFTER));
            return ChangeCall.make("POST", terms, ExpectedOutcome.maintenance(true), given, session);
        }
        if (!what.equals(OFF)) {
            String shown = VisibleText.of(what, VisibleText.SHORT);
            throw new WordFailed(
                    ExitCode.USAGE,
                    session.say("'" + shown + "' is neither on nor off.", "'" + shown + "'은(는) on도 off도 아닙니다."));
        }
        Optional<String> extra = List.of(MESSAGE, ALLOW, RETRY_AFTER).stream()
                .filter(option -> Session.option(given, option).isPresent())
                .findFirst();
        if (extra.isPresent()) {
            throw new WordFailed(
                    ExitCode.USAGE,
                    session.say(
                            extra.get() + " belongs to 'maintenance on'.",
                            extra.get() + "은(는) 'maintenance on'에서만 쓸 수 있습니다."));
        }
        return ChangeCall.make("DELETE", maintenance, ExpectedOutcome.maintenance(false), given, session);
    }
}
