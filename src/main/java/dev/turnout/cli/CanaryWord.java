package dev.turnout.cli;

import dev.turnout.client.AdminPath;
import dev.turnout.routing.VisibleText;
import dev.turnout.text.Phrase;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The word {@code canary}. */
final class CanaryWord implements Word {

    private static final String PROMOTE = "promote";
    private static final String ABORT = "abort";

    @Override
    public String word() {
        return "canary";
    }

    @Override
    public Phrase summary() {
        return new Phrase(
                "Send a share of new clients to the idle slot, or end that", "새 클라이언트의 일부를 대기 슬롯으로 보내거나 이를 끝냅니다");
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("turnout canary 10", new Phrase("sends 10 % of new clients", "새 클라이언트의 10 %를 보냅니다")),
                new Example("turnout canary promote", new Phrase("switches to the idle slot", "대기 슬롯으로 전환합니다")),
                new Example("turnout canary abort", new Phrase("takes all traffic back", "모든 트래픽을 되돌립니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.parameter(
                "N|promote|abort",
                true,
                new Phrase("percent from 0 to 100, or how to end it", "0에서 100까지의 퍼센트, 또는 끝내는 방법"),
                PROMOTE,
                ABORT);
        ChangeOptions.any(spec);
        ChangeOptions.together(spec);
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        String what = Session.parameter(given, 0).orElse("");
        AdminPath canary = AdminPath.of("admin", "canary");
        if (what.equals(PROMOTE)) {
            ExpectedOutcome other = ExpectedOutcome.serving(Optional.empty());
            return ChangeCall.make("POST", AdminPath.of("admin", "canary", PROMOTE), other, given, session);
        }
        if (what.equals(ABORT)) {
            return ChangeCall.make("DELETE", canary, ExpectedOutcome.canary(0), given, session);
        }
        String percent = what.endsWith("%") ? what.substring(0, what.length() - 1) : what;
        if (!percent.matches("[0-9]{1,2}|100")) {
            String shown = VisibleText.of(what, VisibleText.SHORT);
            throw new WordFailed(
                    ExitCode.USAGE,
                    session.say(
                            "'" + shown + "' is neither a percentage from 0 to 100, nor promote, nor abort.",
                            "'" + shown + "'은(는) 0에서 100까지의 퍼센트도, promote도, abort도 아닙니다."));
        }
        ExpectedOutcome share = ExpectedOutcome.canary(Long.parseLong(percent));
        return ChangeCall.make("POST", canary.with("weight", percent), share, given, session);
    }
}
