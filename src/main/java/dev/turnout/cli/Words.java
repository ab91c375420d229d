package dev.turnout.cli;

import dev.turnout.config.Spelling;
import dev.turnout.text.Language;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** All words of the command line, in the order of the help. */
final class Words {

    static final String PROGRAM = "turnout";

    static final List<Word> ALL = List.of(
            new StatusWord(),
            new SwitchWord(),
            new RollbackWord(),
            new CanaryWord(),
            PauseWord.PAUSE,
            PauseWord.RESUME,
            new MaintenanceWord(),
            new RehearsalWord(),
            new TargetsWord(),
            new ServicesWord(),
            TargetWord.DRAIN,
            TargetWord.READY,
            new HistoryWord(),
            new EventsWord(),
            new DeployWord(),
            new ReleasesWord(),
            new FleetWord(),
            new CertificatesWord(),
            new NotifyWord(),
            new CheckWord(),
            new ReloadWord(),
            new PasswordWord(),
            new DoctorWord(),
            new HealthWord(),
            new VersionWord(),
            new HelpWord());

    private Words() {}

    /** Returns the word of a name. */
    static Optional<Word> find(String name) {
        return ALL.stream().filter(word -> word.word().equals(name)).findFirst();
    }

    /** Returns the name that a misspelt name may stand for. */
    static Optional<String> nearest(String misspelt) {
        return Spelling.nearestWord(misspelt, ALL.stream().map(Word::word).toList());
    }

    /** Returns the parser of one word. Other words are left out, since building them takes time. */
    static CommandLine parser(Word word, Language language) {
        CommandSpec program = CommandSpec.create().name(PROGRAM);
        program.addSubcommand(word.word(), WordSpec.of(word, language));
        return new CommandLine(program).setExpandAtFiles(false).setInterpolateVariables(false);
    }

    /** Returns the parser of all words: what completion and the manual page are made from. */
    static CommandLine all(Language language) {
        CommandSpec program = CommandSpec.create().name(PROGRAM);
        ALL.forEach(word -> program.addSubcommand(word.word(), WordSpec.of(word, language)));
        return new CommandLine(program).setExpandAtFiles(false).setInterpolateVariables(false);
    }
}
