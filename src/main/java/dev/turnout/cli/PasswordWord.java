package dev.turnout.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.turnout.config.PasswordFile;
import dev.turnout.text.Phrase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The word {@code password}: makes a line of a file that {@code auth-file} of a rule names. */
final class PasswordWord implements Word {

    /** bcrypt takes no more. */
    private static final int MOST_BYTES = 72;

    @Override
    public String word() {
        return "password";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Make a line for a password file", "비밀번호 파일에 넣을 줄을 만듭니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(
                new Phrase(
                        "Reads a password from standard input, or asks for it on a terminal, and prints the user and the"
                                + " bcrypt hash of the password. The line is for the file that auth-file of a rule names.",
                        "표준 입력에서 비밀번호를 읽거나 터미널에서 입력받아, 사용자와 비밀번호의 bcrypt 해시를 출력합니다. 이 줄은 규칙의"
                                + " auth-file이 가리키는 파일에 넣습니다."),
                new Phrase(
                        "The password is at most 72 bytes, since bcrypt reads no more.",
                        "bcrypt가 72바이트까지만 읽으므로 비밀번호는 72바이트를 넘을 수 없습니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "turnout password ops >>/etc/turnout/passwords",
                        new Phrase(
                                "asks for the password of user ops and adds the line", "사용자 ops의 비밀번호를 물어 줄을 추가합니다")),
                new Example(
                        "turnout password ops <secret.txt",
                        new Phrase("takes the first line of the file", "파일의 첫 줄을 비밀번호로 씁니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.parameter("user", true, new Phrase("the name of the user", "사용자 이름"));
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        String user = given.matchedPositionalValue(0, "");
        if (!PasswordFile.isUser(user)) {
            throw new WordFailed(
                    ExitCode.USAGE,
                    session.say(
                            "The name of a user has 1 to 255 characters, no colon and no blank at its ends, and does not"
                                    + " begin with '#'.",
                            "사용자 이름은 1자에서 255자까지이고, 콜론이나 앞뒤 공백이 없어야 하며, '#'으로 시작할 수 없습니다."));
        }
        byte[] password = password(session);
        if (password.length == 0 || password.length > MOST_BYTES) {
            throw new WordFailed(
                    ExitCode.USAGE,
                    session.say(
                            "The password has " + password.length + " bytes; allowed are 1 to " + MOST_BYTES + ".",
                            "비밀번호가 " + password.length + "바이트입니다. 1바이트에서 " + MOST_BYTES + "바이트까지 쓸 수 있습니다."));
        }
        session.terminal().line(user + ":" + PasswordFile.hash(password));
        return ExitCode.DONE;
    }

    private static byte[] password(Session session) throws WordFailed {
        return Terminal.isTerminal(0) ? typed(session) : piped(session);
    }

    private static byte[] typed(Session session) throws WordFailed {
        try (HiddenInput terminal = HiddenInput.open()) {
            Optional<String> first = terminal.ask(session.say("Password: ", "비밀번호: "));
            Optional<String> second = terminal.ask(session.say("Once more: ", "다시 한 번: "));
            if (first.isEmpty() || !first.equals(second)) {
                throw new WordFailed(
                        ExitCode.USAGE, session.say("The two passwords are not the same.", "두 비밀번호가 서로 다릅니다."));
            }
            return first.get().getBytes(UTF_8);
        } catch (IOException e) {
            throw new WordFailed(
                    ExitCode.FAILED,
                    session.say(
                            "The terminal can't be asked for a password (" + e.getMessage()
                                    + "). Write the password into a file, and use the file as standard input.",
                            "터미널에서 비밀번호를 입력받을 수 없습니다 (" + e.getMessage() + "). 비밀번호를 파일에 적고 그 파일을 표준 입력으로 쓰십시오."));
        }
    }

    /** Returns the first line of standard input. Reads nothing after its end, since a pipe may stay open. */
    private static byte[] piped(Session session) throws WordFailed {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            int next = System.in.read();
            while (next > 0 && next != '\n' && next != '\r' && line.size() <= MOST_BYTES) {
                line.write(next);
                next = System.in.read();
            }
            return line.toByteArray();
        } catch (IOException e) {
            throw new WordFailed(
                    ExitCode.FAILED, session.say("Standard input can't be read: " + e, "표준 입력을 읽을 수 없습니다: " + e));
        }
    }
}
