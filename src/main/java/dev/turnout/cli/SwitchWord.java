package dev.turnout.cli;

import dev.turnout.client.AdminPath;
import dev.turnout.text.Phrase;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The word {@code switch}. */
final class SwitchWord implements Word {

    private static final String TO = "--to";

    @Override
    public String word() {
        return "switch";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Check the idle slot, and send all traffic to it", "대기 슬롯을 확인한 뒤 모든 트래픽을 그 슬롯으로 보냅니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(
                new Phrase(
                        "It ends when the old slot has finished its requests. Then the old version can be stopped.",
                        "이전 슬롯이 요청을 모두 끝내면 종료됩니다. 그 후 이전 버전을 종료해도 됩니다."),
                new Phrase(
                        "Ctrl-C cancels it until the traffic has been switched. After that Ctrl-C only stops looking.",
                        "트래픽이 전환되기 전에는 Ctrl-C로 취소됩니다. 전환된 후의 Ctrl-C는 화면 표시만 끝냅니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("turnout switch", new Phrase("switches to the idle slot", "대기 슬롯으로 전환합니다")),
                new Example(
                        "turnout switch --watch 30s --version 1.4.2",
                        new Phrase(
                                "switches, and switches back if the new version is worse", "전환한 뒤 새 버전이 더 나쁘면 되돌립니다")),
                new Example(
                        "turnout switch --service shop --service api",
                        new Phrase("switches both in one step, or neither", "둘을 한 번에 전환하거나, 아무것도 바꾸지 않습니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.choice(
                "SLOT",
                List.of("blue", "green"),
                new Phrase("blue or green; the idle slot by default", "blue 또는 green. 기본값은 대기 슬롯입니다"),
                TO);
        ChangeOptions.versioned(spec);
        ChangeOptions.gated(spec);
        ChangeOptions.anyTogether(spec);
        ChangeOptions.together(spec);
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        Optional<String> to = Session.option(given, TO);
        AdminPath path = AdminPath.of("admin", "switch").with("to", to);
        return ChangeCall.make("POST", path, ExpectedOutcome.serving(to), given, session);
    }
}
