package dev.turnout.cli;

import dev.turnout.client.AdminPath;
import dev.turnout.text.Phrase;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** The word {@code rollback}. */
final class RollbackWord implements Word {

    @Override
    public String word() {
        return "rollback";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Switch back to the slot that served before", "이전에 서비스하던 슬롯으로 되돌립니다");
    }

    @Override
    public List<Example> examples() {
        return List.of(new Example(
                "turnout rollback --note 'checkout fails'",
                new Phrase("switches back, and says why in the history", "되돌리고 이유를 기록에 남깁니다")));
    }

    @Override
    public void define(WordSpec spec) {
        ChangeOptions.gated(spec);
        ChangeOptions.any(spec);
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        return ChangeCall.make("POST", AdminPath.of("admin", "rollback"), given, session);
    }
}
