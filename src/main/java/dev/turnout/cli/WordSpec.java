package dev.turnout.cli;

import dev.turnout.text.Language;
import dev.turnout.text.Phrase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The options and parameters of a word, in one language. They are given to picocli by its programmatic API, since
 * annotations would take reflection, as would picocli's own converter for paths.
 */
final class WordSpec {

    static final String HELP = "--help";
    static final String JSON = "--json";
    static final String QUIET = "--quiet";
    static final String SERVICE = "--service";
    static final String URL = "--url";
    static final String TOKEN_FILE = "--token-file";
    static final String CA_FILE = "--ca-file";
    static final String CERT_FILE = "--cert-file";
    static final String KEY_FILE = "--key-file";

    private final CommandSpec spec;
    private final Language language;
    private int parameters;

    private WordSpec(CommandSpec spec, Language language) {
        this.spec = spec;
        this.language = language;
    }

    /** Returns the specification of a word, with its help. */
    static CommandSpec of(Word word, Language language) {
        CommandSpec spec = CommandSpec.create().name(word.word());
        WordSpec own = new WordSpec(spec, language);
        word.define(own);
        spec.addOption(OptionSpec.builder("-h", HELP)
                .type(boolean.class)
                .usageHelp(true)
                .description(language.of("show this help", "이 도움말을 보여 줍니다"))
                .build());
        HelpText.describe(spec, word, language);
        return spec;
    }

    /** Adds an option without a value. */
    WordSpec flag(Phrase meaning, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(boolean.class)
                .description(HelpText.format(meaning, language))
                .build());
        return this;
    }

    /** Adds an option with a value. */
    WordSpec option(String label, Phrase meaning, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(String.class)
                .paramLabel(label)
                .description(HelpText.format(meaning, language))
                .build());
        return this;
    }

    /** Adds an option whose value is one of a few words. */
    WordSpec choice(String label, List<String> words, Phrase meaning, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(String.class)
                .paramLabel(label)
                .completionCandidates(new ArrayList<>(words))
                .description(HelpText.format(meaning, language))
                .build());
        return this;
    }

    /** Adds an option whose value is a file. */
    WordSpec file(String label, Phrase meaning, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(Path.class)
                .converters(Path::of)
                .paramLabel(label)
                .description(HelpText.format(meaning, language))
                .build());
        return this;
    }

    /** Adds a parameter. */
    WordSpec parameter(String label, boolean isRequired, Phrase meaning, String... candidates) {
        spec.addPositional(positional(label, isRequired, meaning)
                .type(String.class)
                .completionCandidates(new ArrayList<>(List.of(candidates)))
                .build());
        return this;
    }

    /** Adds any number of parameters, behind those that were added before. Their own options may stand behind {@code --}. */
    WordSpec parameters(String label, Phrase meaning) {
        spec.addPositional(PositionalParamSpec.builder()
                .index(parameters + "..*")
                .arity("0..*")
                .required(false)
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description(HelpText.format(meaning, language))
                .build());
        return this;
    }

    /**
     * Adds an option whose value may be left out. A word behind the option is its value only if the word fits.
     *
     * @param byDefault the value if there is none
     * @param fits what a value looks like
     */
    WordSpec optionalValue(String label, String byDefault, Pattern fits, Phrase meaning, String name) {
        spec.addOption(OptionSpec.builder(name)
                .type(String.class)
                .arity("0..1")
                .paramLabel(label)
                .preprocessor((words, command, option, info) -> {
                    if (words.isEmpty() || !fits.matcher(words.peek()).matches()) {
                        words.push(byDefault);
                    }
                    return false;
                })
                .description(HelpText.format(meaning, language))
                .build());
        return this;
    }

    /** Adds an option that the help does not show: programs of Turnout use it. */
    WordSpec hidden(String name) {
        spec.addOption(OptionSpec.builder(name).type(boolean.class).hidden(true).build());
        return this;
    }

    private PositionalParamSpec.Builder positional(String label, boolean isRequired, Phrase meaning) {
        return PositionalParamSpec.builder()
                .index(String.valueOf(parameters++))
                .arity(isRequired ? "1" : "0..1")
                .required(isRequired)
                .paramLabel(label)
                .description(HelpText.format(meaning, language));
    }

    /** Adds the options that say where Turnout is. */
    WordSpec remote() {
        return option(
                        "URL",
                        new Phrase(
                                "the admin address; by default that of the configuration on this machine",
                                "관리 주소. 기본값은 이 서버의 설정에 있는 주소입니다"),
                        URL)
                .file(
                        "FILE",
                        new Phrase(
                                "a file with the admin token; by default TURNOUT_ADMIN_TOKEN or the configuration",
                                "관리 토큰이 든 파일. 기본값은 TURNOUT_ADMIN_TOKEN 또는 설정입니다"),
                        TOKEN_FILE)
                .file(
                        "FILE",
                        new Phrase(
                                "the authorities (PEM) of an https address; by default TURNOUT_CA_FILE, or the configured"
                                        + " certificate on this machine",
                                "https 주소의 발급자(PEM). 기본값은 TURNOUT_CA_FILE 또는 이 서버에 설정된 인증서입니다"),
                        CA_FILE)
                .file(
                        "FILE",
                        new Phrase(
                                "your certificate (PEM), if the admin server asks for one; by default TURNOUT_CERT_FILE",
                                "관리 서버가 요구할 때 보낼 인증서(PEM). 기본값은 TURNOUT_CERT_FILE입니다"),
                        CERT_FILE)
                .file(
                        "FILE",
                        new Phrase(
                                "its key (PEM, not encrypted); by default TURNOUT_KEY_FILE",
                                "그 인증서의 키(PEM, 암호화되지 않은 것). 기본값은 TURNOUT_KEY_FILE입니다"),
                        KEY_FILE);
    }

    /** Adds the options of a word that is about one service of Turnout. */
    WordSpec service() {
        return option("NAME", new Phrase("the service, if there is more than one", "서비스 이름. 서비스가 여럿일 때 지정합니다"), SERVICE)
                .remote();
    }

    /** Adds the options of a word that is about one service of Turnout, or changes several in one step. */
    WordSpec services() {
        spec.addOption(OptionSpec.builder(SERVICE)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel("NAME")
                .description(HelpText.format(
                        new Phrase(
                                "the service, if there is more than one; once for each that changes in the same step",
                                "서비스 이름. 서비스가 여럿일 때 지정합니다. 한 번에 함께 바꿀 서비스마다 한 번씩 씁니다"),
                        language))
                .build());
        return remote();
    }

    /** Adds the option for programs. */
    WordSpec json() {
        return flag(new Phrase("print JSON, for programs", "프로그램을 위해 JSON으로 출력합니다"), JSON);
    }

    /** Adds the option that leaves out all but errors. */
    WordSpec quiet() {
        return flag(new Phrase("print errors only", "오류만 출력합니다"), "-q", QUIET);
    }
}
