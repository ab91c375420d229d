package dev.turnout.cli;

import dev.turnout.config.Spelling;
import dev.turnout.routing.VisibleText;
import dev.turnout.text.Language;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program as a command with words. It does not boot the server. */
public final class CommandLineProgram {

    /** The start script runs the JVM in a locale with UTF-8, and hands the operator's locale over by this property. */
    private static final String LOCALE = "cli.locale";

    /** Held here, since the JDK forgets the level of a logger that nobody holds. */
    private static final Logger READER = Logger.getLogger("io.smallrye.config");

    private static final int NARROWEST = 55;

    private final Session session;

    CommandLineProgram(Session session) {
        this.session = session;
    }

    /** Returns the program with the terminal, the locale and the environment of this process. */
    public static CommandLineProgram ofProcess() {
        // The reader of the configuration warns in the form of the JDK's log. The server says it in its own log.
        READER.setLevel(Level.OFF);
        Map<String, String> environment = System.getenv();
        String locale = System.getProperty(LOCALE, "");
        Language language = locale.isEmpty() ? Language.ofEnvironment(environment) : Language.ofLocale(locale);
        return new CommandLineProgram(new Session(Terminal.ofProcess(environment), language, environment));
    }

    /**
     * Does what the arguments say. Blocks.
     *
     * @param arguments one or more
     * @return the code to end the process with
     */
    public int run(List<String> arguments) {
        try {
            return perform(arguments).code();
        } catch (WordFailed e) {
            List<String> lines = e.lines();
            for (int i = 0; i < lines.size(); i++) {
                session.terminal()
                        .error(
                                i == 0
                                        ? session.terminal().styled(Style.RED, "turnout: " + lines.get(i))
                                        : lines.get(i));
            }
            return e.exit().code();
        }
    }

    private ExitCode perform(List<String> arguments) throws WordFailed {
        String first = arguments.get(0);
        if (first.equals("-h") || first.equals("--help")) {
            HelpText.ofProgram(session.language()).forEach(session.terminal()::line);
            return ExitCode.DONE;
        }
        if (first.equals("-V") || first.equals("--version")) {
            session.terminal().line(Words.PROGRAM + " " + ProgramVersion.read());
            return ExitCode.DONE;
        }
        Word word = Words.find(first).orElseThrow(() -> unknown(first, session));
        CommandLine parser = Words.parser(word, session.language());
        try {
            ParseResult given =
                    parser.parseArgs(arguments.toArray(String[]::new)).subcommand();
            if (given.isUsageHelpRequested()) {
                return help(word, session);
            }
            return word.run(given, session);
        } catch (ParameterException e) {
            throw wrong(word, e);
        }
    }

    /** Prints the help of a word. */
    static ExitCode help(Word word, Session session) {
        CommandLine parser = Objects.requireNonNull(
                Words.parser(word, session.language()).getSubcommands().get(word.word()));
        parser.setUsageHelpWidth(Math.max(NARROWEST, session.terminal().width()));
        Ansi ansi = session.terminal().hasColour() ? Ansi.ON : Ansi.OFF;
        session.terminal().print(parser.getUsageMessage(ansi));
        return ExitCode.DONE;
    }

    /** Returns the failure of a word that does not exist. */
    static WordFailed unknown(String name, Session session) {
        String shown = VisibleText.of(name, VisibleText.SHORT);
        Optional<String> nearest = Words.nearest(name);
        String meant = nearest.map(
                        word -> session.say(" Did you mean '" + word + "'?", " '" + word + "'을(를) 입력하려고 했습니까?"))
                .orElse("");
        return new WordFailed(
                ExitCode.USAGE,
                session.say("There is no command '" + shown + "'." + meant, "'" + shown + "' 명령은 없습니다." + meant),
                session.say(
                        "'turnout --help' lists all commands. Settings such as -Dturnout.listen.port=8000 stand before"
                                + " a command.",
                        "'turnout --help'가 모든 명령을 보여 줍니다. -Dturnout.listen.port=8000 같은 설정은 명령 앞에 씁니다."));
    }

    private WordFailed wrong(Word word, ParameterException e) {
        return new WordFailed(
                ExitCode.USAGE,
                VisibleText.of(reason(e), VisibleText.SHORT),
                session.say(
                        "'turnout " + word.word() + " --help' explains it.",
                        "'turnout " + word.word() + " --help'가 사용법을 설명합니다."));
    }

    private String reason(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().get(0);
            List<String> similar = similar(unmatched, first);
            String meant = similar.isEmpty()
                    ? ""
                    : session.say(" Did you mean " + similar.get(0) + "?", " " + similar.get(0) + "을(를) 입력하려고 했습니까?");
            return session.say(
                    "'" + first + "' is not understood here." + meant, "'" + first + "'은(는) 여기에 쓸 수 없습니다." + meant);
        }
        if (e instanceof MissingParameterException missing) {
            String names =
                    missing.getMissing().stream().map(CommandLineProgram::label).collect(Collectors.joining(", "));
            return session.say("A value is missing: " + names + ".", "값이 없습니다: " + names + ".");
        }
        if (e instanceof OverwrittenOptionException twice && twice.getOverwritten() != null) {
            return session.say(
                    label(twice.getOverwritten()) + " stands twice.",
                    label(twice.getOverwritten()) + "이(가) 두 번 쓰였습니다.");
        }
        return String.valueOf(e.getMessage());
    }

    private static List<String> similar(UnmatchedArgumentException unmatched, String misspelt) {
        List<String> known = unmatched.getCommandLine().getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .toList();
        return Spelling.nearestWord(misspelt, known).stream().toList();
    }

    private static String label(ArgSpec spec) {
        return spec instanceof OptionSpec option ? option.longestName() : spec.paramLabel();
    }
}
