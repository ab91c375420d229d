package dev.turnout.cli;

import dev.turnout.text.Phrase;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The word {@code help}. */
final class HelpWord implements Word {

    @Override
    public String word() {
        return "help";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Explain a command, or list all commands", "명령을 설명하거나 모든 명령을 보여 줍니다");
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("turnout help switch", new Phrase("explains the command switch", "switch 명령을 설명합니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.parameter(
                "COMMAND",
                false,
                new Phrase("the command to explain", "설명할 명령"),
                Words.ALL.stream().map(Word::word).toArray(String[]::new));
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        Optional<String> name = Session.parameter(given, 0);
        if (name.isEmpty()) {
            HelpText.ofProgram(session.language()).forEach(session.terminal()::line);
            return ExitCode.DONE;
        }
        Word word = Words.find(name.get()).orElseThrow(() -> CommandLineProgram.unknown(name.get(), session));
        return CommandLineProgram.help(word, session);
    }
}
