package dev.turnout.cli;

import dev.turnout.client.AdminPath;
import dev.turnout.text.Phrase;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** The words {@code drain} and {@code ready}. */
enum TargetWord implements Word {
    DRAIN(
            "drain",
            new Phrase("Take a target of the active slot out of rotation", "활성 슬롯의 대상 하나를 트래픽에서 제외합니다"),
            new Phrase("takes it out, and waits until its requests have ended", "제외하고 처리 중인 요청이 끝나기를 기다립니다")),
    READY(
            "ready",
            new Phrase("Check a target, and put it back into rotation", "대상을 확인하고 트래픽에 다시 포함합니다"),
            new Phrase("checks it, and puts it back", "확인한 뒤 다시 포함합니다"));

    private final String word;
    private final Phrase summary;
    private final Phrase example;

    TargetWord(String word, Phrase summary, Phrase example) {
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
        return List.of(new Example("turnout " + word + " 127.0.0.1:8080", example));
    }

    @Override
    public void define(WordSpec spec) {
        spec.parameter("TARGET", true, new Phrase("the target, as host:port", "host:port 형식의 대상"));
        ChangeOptions.any(spec);
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        String target = Session.parameter(given, 0).orElse("");
        ExpectedOutcome expected = ExpectedOutcome.rotation(target, this == READY);
        return ChangeCall.make("POST", AdminPath.of("admin", "targets", target, word), expected, given, session);
    }
}
