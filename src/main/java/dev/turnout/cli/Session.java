package dev.turnout.cli;

import dev.turnout.client.AdminClient;
import dev.turnout.client.LocationRefused;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.routing.Service;
import dev.turnout.routing.VisibleText;
import dev.turnout.switching.ChangeNote;
import dev.turnout.text.Language;
import dev.turnout.text.Phrase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/**
 * What a word that runs has of the process around it.
 *
 * @param terminal where the word prints
 * @param language of the operator
 * @param environment the variables of the process
 */
record Session(Terminal terminal, Language language, Map<String, String> environment) {

    /** Returns a text in the operator's language. */
    String say(String english, String korean) {
        return language.of(english, korean);
    }

    /** Returns a text in the operator's language. */
    String say(Phrase phrase) {
        return phrase.in(language);
    }

    /** Returns the value of an option or of its default. */
    static String option(ParseResult given, String name, String byDefault) {
        return given.matchedOptionValue(name, byDefault);
    }

    /** Returns the value of an option, if it was given. */
    static Optional<String> option(ParseResult given, String name) {
        return Optional.ofNullable(given.matchedOptionValue(name, (String) null));
    }

    /**
     * Returns the value of an option that Turnout keeps, if it was given.
     *
     * @param most how many characters it may have
     * @throws WordFailed if Turnout would refuse the value
     */
    Optional<String> shortText(ParseResult given, String name, int most) throws WordFailed {
        Optional<String> text = option(given, name);
        boolean isFit = text.isEmpty()
                || !text.get().isBlank()
                        && text.get().length() <= most
                        && VisibleText.of(text.get()).equals(text.get());
        if (!isFit) {
            String shown = VisibleText.of(text.orElse(""), VisibleText.SHORT);
            throw new WordFailed(
                    ExitCode.USAGE,
                    say(
                            name + " is visible text of 1 to " + most + " characters, not '" + shown + "'.",
                            name + "은(는) 1자에서 " + most + "자까지의 표시 가능한 텍스트여야 합니다: '" + shown + "'."));
        }
        return text;
    }

    /** Returns the value of a parameter, if it was given. */
    static Optional<String> parameter(ParseResult given, int index) {
        return Optional.ofNullable(given.matchedPositionalValue(index, (String) null));
    }

    /** Returns true if an option was given. */
    static boolean has(ParseResult given, String name) {
        return given.hasMatchedOption(name);
    }

    /** Returns the name of the service that a word is about; of the first one if it is about several. */
    static String service(ParseResult given) {
        return services(given).get(0);
    }

    /** Returns the names of the services that a word is about: one, unless the word takes several. */
    static List<String> services(ParseResult given) {
        @Nullable Object value = given.matchedOptionValue(WordSpec.SERVICE, (Object) null);
        if (value instanceof List<?> several) {
            return several.stream().map(String::valueOf).distinct().toList();
        }
        return List.of(value instanceof String one ? one : Service.DEFAULT);
    }

    /** Returns who runs the command, for the journal: the one behind sudo, if it was used. */
    Optional<String> person() {
        return Optional.ofNullable(environment.get("SUDO_USER"))
                .filter(name -> !name.isBlank())
                .or(() -> Optional.ofNullable(environment.get("USER")).filter(name -> !name.isBlank()))
                .map(name -> VisibleText.of(name, ChangeNote.BY_CHARACTERS));
    }

    /**
     * Returns a client of the running Turnout.
     *
     * @throws WordFailed if what was said about its place is wrong
     */
    AdminClient client(ParseResult given) throws WordFailed {
        return location(given).client();
    }

    /** Returns the place of the running Turnout, see {@link #client}. Warns if files did not count for it. */
    TurnoutLocation location(ParseResult given) throws WordFailed {
        TurnoutLocation location = find(given);
        location.leftOut()
                .map(folder -> VisibleText.of(folder.toString(), VisibleText.SHORT))
                .ifPresent(folder -> terminal.error(say(
                        "The configuration files in " + folder + " are not read: another user may have written them."
                                + " QUARKUS_CONFIG_LOCATIONS names files to read.",
                        folder + "의 설정 파일은 다른 사용자가 썼을 수 있어 읽지 않습니다. 읽을 파일은" + " QUARKUS_CONFIG_LOCATIONS로 지정하십시오.")));
        return location;
    }

    private TurnoutLocation find(ParseResult given) throws WordFailed {
        try {
            return TurnoutLocation.find(
                    new TurnoutLocation.Options(
                            option(given, WordSpec.URL),
                            file(given, WordSpec.TOKEN_FILE),
                            file(given, WordSpec.CA_FILE),
                            file(given, WordSpec.CERT_FILE),
                            file(given, WordSpec.KEY_FILE)),
                    environment);
        } catch (LocationRefused e) {
            ExitCode exit = e.fault() == LocationRefused.Fault.CERTIFICATE ? ExitCode.NO_TURNOUT : ExitCode.USAGE;
            throw new WordFailed(exit, wrongPlace(e));
        }
    }

    private static Optional<Path> file(ParseResult given, String name) {
        return Optional.ofNullable(given.matchedOptionValue(name, (Path) null));
    }

    private String wrongPlace(LocationRefused refused) {
        return switch (refused.fault()) {
            case ADDRESS ->
                say(
                        "'" + refused.value()
                                + "' is not an address such as http://127.0.0.1:9000 (--url, TURNOUT_URL).",
                        "'" + refused.value() + "'은(는) http://127.0.0.1:9000 같은 주소가 아닙니다 (--url, TURNOUT_URL).");
            case TOKEN_FILE ->
                say(
                        "The token file " + refused.value() + " can't be read (--token-file).",
                        "토큰 파일 " + refused.value() + "을(를) 읽을 수 없습니다 (--token-file).");
            case TOKEN ->
                say(
                        "The admin token has a blank or another character that no token has.",
                        "관리 토큰에 공백이나 허용되지 않는 문자가 있습니다.");
            case TLS_FILE ->
                say(
                        "A file for HTTPS can't be used: " + refused.value()
                                + ". Look at --ca-file, --cert-file and --key-file, and the variables TURNOUT_CA_FILE,"
                                + " TURNOUT_CERT_FILE and TURNOUT_KEY_FILE.",
                        "HTTPS에 필요한 파일을 사용할 수 없습니다: " + refused.value()
                                + ". --ca-file, --cert-file, --key-file과 환경 변수 TURNOUT_CA_FILE, TURNOUT_CERT_FILE,"
                                + " TURNOUT_KEY_FILE을 확인하십시오.");
            case CERTIFICATE ->
                say(
                        "The certificate of the admin port can't be read (turnout.admin.tls.cert): " + refused.value()
                                + ". Try sudo, or name its authorities with --ca-file and its name with --url.",
                        "관리 포트의 인증서를 읽을 수 없습니다 (turnout.admin.tls.cert): " + refused.value()
                                + ". sudo로 실행하거나, --ca-file로 발급자를, --url로 인증서의 이름을 지정하십시오.");
            case CONFIGURATION ->
                say(
                        "The configuration can't be used: " + refused.value()
                                + " --url names the admin address instead.",
                        "설정을 사용할 수 없습니다: " + refused.value() + " --url로 관리 주소를 직접 지정할 수 있습니다.");
        };
    }
}
