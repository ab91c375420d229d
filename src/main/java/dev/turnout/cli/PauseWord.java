package dev.turnout.cli;

import dev.turnout.client.AdminPath;
import dev.turnout.text.Phrase;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** The words {@code pause} and {@code resume}. */
enum PauseWord implements Word {
    PAUSE(
            "pause",
            new Phrase("Let new requests wait", "새 요청을 기다리게 합니다"),
            new Phrase("lets requests wait, for a database migration", "데이터베이스 마이그레이션 동안 요청을 기다리게 합니다")),
    RESUME(
            "resume",
            new Phrase("Let the waiting requests go on", "기다리던 요청을 다시 보냅니다"),
            new Phrase("lets the waiting requests go on", "기다리던 요청을 다시 보냅니다"));

    private final String word;
    private final Phrase summary;
    private final Phrase example;

    PauseWord(String word, Phrase summary, Phrase example) {
        this.word = word;
        this.summary = summary;
        this.example = example;
    }

    @Override
    public String word() {
        return word;
    }

    @Override
    public Phrase summary() {
        return summary;
    }

    @Override
    public List<Example> examples() {
        return List.of(new Example("turnout " + word, example));
    }

    @Override
    public void define(WordSpec spec) {
        ChangeOptions.any(spec);
        if (this == PAUSE) {
            ChangeOptions.together(spec);
        }
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        ExpectedOutcome expected = ExpectedOutcome.paused(this == PAUSE);
        return ChangeCall.make("POST", AdminPath.of("admin", word), expected, given, session);
    }
}
