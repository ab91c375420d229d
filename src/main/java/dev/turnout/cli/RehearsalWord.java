package dev.turnout.cli;

import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.AdminPath;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.text.Phrase;
import dev.turnout.text.RehearsalText;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The word {@code rehearsal}: shows what copies of requests have found at the idle slot, begins to copy, or ends it. */
final class RehearsalWord implements Word {

    private static final String ON = "on";
    private static final String OFF = "off";
    private static final String SHARE = "--share";
    private static final String USUAL_SHARE = "5";

    @Override
    public String word() {
        return "rehearsal";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Copy requests to the idle slot and compare the answers", "요청을 대기 슬롯으로 복사해 응답을 비교합니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(
                new Phrase(
                        "Copied are GET, HEAD and OPTIONS without a body, with 'X-Turnout-Rehearsal: 1'. Clients notice"
                                + " nothing: the answers to copies are thrown away. What a GET changes in the application"
                                + " happens twice.",
                        "본문이 없는 GET, HEAD, OPTIONS 요청을 'X-Turnout-Rehearsal: 1'을 붙여 복사합니다. 복사본의 응답은 버리므로 클라이언트는"
                                + " 알지 못합니다. GET이 애플리케이션에서 바꾸는 것이 있다면 두 번 일어납니다."),
                new Phrase(
                        "Without 'on' or 'off' it shows the figures. A restart of Turnout ends what 'on' has begun;"
                                + " turnout.rehearsal holds.",
                        "'on'이나 'off'가 없으면 수치를 보여 줍니다. 'on'으로 시작한 리허설은 Turnout을 다시 시작하면 끝나고 turnout.rehearsal"
                                + " 설정은 유지됩니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("turnout rehearsal", new Phrase("shows the figures", "수치를 보여 줍니다")),
                new Example(
                        "turnout rehearsal on --share 5",
                        new Phrase("copies 5 % of the safe requests", "안전한 요청의 5 %를 복사합니다")),
                new Example("turnout rehearsal off", new Phrase("copies no more", "더 복사하지 않습니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.parameter("on|off", false, new Phrase("begin or end the rehearsal", "리허설을 시작하거나 끝냅니다"), ON, OFF)
                .option(
                        "PERCENT",
                        new Phrase("which share of the requests; 5 by default", "복사할 요청의 비율. 기본값은 5입니다"),
                        SHARE);
        ChangeOptions.any(spec);
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        AdminPath rehearsal = AdminPath.of("admin", "rehearsal");
        String what = Session.parameter(given, 0).orElse("");
        Optional<String> share = Session.option(given, SHARE);
        if (share.isPresent() && !what.equals(ON)) {
            throw new WordFailed(
                    ExitCode.USAGE,
                    session.say(SHARE + " belongs to 'rehearsal on'.", SHARE + "은(는) 'rehearsal on'에서만 쓸 수 있습니다."));
        }
        return switch (what) {
            case "" -> show(rehearsal, given, session);
            case ON -> {
                Optional<String> copied = share.or(() -> Optional.of(USUAL_SHARE));
                yield ChangeCall.make(
                        "POST", rehearsal.with("share", copied), ExpectedOutcome.rehearsal(copied), given, session);
            }
            case OFF ->
                ChangeCall.make("DELETE", rehearsal, ExpectedOutcome.rehearsal(Optional.empty()), given, session);
            default ->
                throw new WordFailed(
                        ExitCode.USAGE,
                        session.say("'" + what + "' is neither on nor off.", "'" + what + "'은(는) on도 off도 아닙니다."));
        };
    }

    private static ExitCode show(AdminPath rehearsal, ParseResult given, Session session) throws WordFailed {
        TurnoutLocation location = session.location(given);
        Answer answer = new Answer(session, location);
        Answered answered = answer.answered(location.client()
                .call("GET", rehearsal.with("service", Optional.of(Session.service(given))), Answer.QUICK));
        if (Session.has(given, WordSpec.JSON)) {
            session.terminal().line(answered.body());
        } else if (!Session.has(given, WordSpec.QUIET)) {
            RehearsalText.of(answer.json(answered), session.language()).forEach(session.terminal()::line);
        }
        return ExitCode.DONE;
    }
}
