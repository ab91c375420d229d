package dev.turnout.cli;

import dev.turnout.text.Language;
import dev.turnout.text.Phrase;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page {@code turnout(1)}, made from the same words as the help: man(7). */
final class ManualPage {

    private static final List<Entry> ENVIRONMENT = List.of(
            new Entry(
                    "TURNOUT_URL",
                    new Phrase("The admin address, if --url is not given.", "--url이 없을 때 사용하는 관리 주소입니다.")),
            new Entry(
                    "TURNOUT_ADMIN_TOKEN",
                    new Phrase("The admin token, if --token-file is not given.", "--token-file이 없을 때 사용하는 관리 토큰입니다.")),
            new Entry(
                    "TURNOUT_CA_FILE",
                    new Phrase(
                            "The authorities of an https address, if --ca-file is not given.",
                            "--ca-file이 없을 때 사용하는 https 주소의 발급자입니다.")),
            new Entry(
                    "TURNOUT_CERT_FILE, TURNOUT_KEY_FILE",
                    new Phrase(
                            "Your certificate and its key, if --cert-file and --key-file are not given.",
                            "--cert-file과 --key-file이 없을 때 사용하는 인증서와 키입니다.")),
            new Entry("NO_COLOR", new Phrase("If it has a value, there are no colours.", "값이 있으면 색을 사용하지 않습니다.")),
            new Entry(
                    "LC_ALL, LC_MESSAGES, LANG",
                    new Phrase("The language: Korean for ko, English otherwise.", "언어를 정합니다. ko이면 한국어, 그 밖에는 영어입니다.")),
            new Entry(
                    "QUARKUS_CONFIG_LOCATIONS",
                    new Phrase("Further configuration files, separated by commas.", "추가 설정 파일. 쉼표로 구분합니다.")),
            new Entry(
                    "JAVA_HOME",
                    new Phrase(
                            "The Java that runs Turnout, if it is no native executable.",
                            "네이티브 실행 파일이 아닐 때 Turnout을 실행하는 Java입니다.")));

    private static final List<Entry> FILES = List.of(
            new Entry(
                    "/etc/turnout/application.properties",
                    new Phrase(
                            "The configuration of the Debian package. The commands read the admin address and the token there.",
                            "데비안 패키지의 설정 파일입니다. 각 명령은 여기에서 관리 주소와 토큰을 읽습니다.")),
            new Entry(
                    "application.properties, config/application.properties",
                    new Phrase(
                            "The configuration in the working directory and beside the program. Commands that call Turnout do"
                                    + " not read the working directory's files if others than root and you may write to"
                                    + " them.",
                            "작업 디렉터리와 프로그램 옆에 있는 설정 파일입니다. Turnout을 호출하는 명령은 root와 실행한 사용자 외에 다른 사용자가 쓸 수 있는"
                                    + " 작업 디렉터리의 파일은 읽지 않습니다.")));

    private final Language language;
    private final List<String> lines = new ArrayList<>();

    private ManualPage(Language language) {
        this.language = language;
    }

    private record Entry(String name, Phrase meaning) {}

    /** Returns the page in a language. */
    static String in(Language language) {
        ManualPage page = new ManualPage(language);
        page.write();
        return String.join("\n", page.lines) + "\n";
    }

    private void write() {
        lines.add(".TH TURNOUT 1 \"\" \"turnout " + ProgramVersion.read() + "\" \""
                + language.of("User Commands", "사용자 명령") + "\"");
        section("NAME", "이름");
        lines.add("turnout \\- "
                + escaped(language.of(
                        "switch between two versions of an application without an interruption",
                        "애플리케이션의 두 버전을 중단 없이 전환")));
        section("SYNOPSIS", "사용법");
        lines.add("\\fBturnout\\fR [\\fI" + language.of("SETTING", "설정") + "\\fR ...]");
        lines.add(".br");
        lines.add("\\fBturnout\\fR [\\fI" + language.of("SETTING", "설정") + "\\fR ...] \\fI"
                + language.of("COMMAND", "명령") + "\\fR [\\fI" + language.of("OPTION", "옵션") + "\\fR ...]");
        section("DESCRIPTION", "설명");
        paragraph(HelpText.purpose());
        paragraph(HelpText.server());
        section("COMMANDS", "명령");
        for (Word word : Words.ALL) {
            word(word, WordSpec.of(word, language));
        }
        section("EXIT STATUS", "종료 상태");
        for (ExitCode exit : ExitCode.values()) {
            entry("\\fB" + exit.code() + "\\fR", exit.meaning().in(language));
        }
        section("ENVIRONMENT", "환경 변수");
        ENVIRONMENT.forEach(entry ->
                entry("\\fB" + escaped(entry.name()) + "\\fR", entry.meaning().in(language)));
        section("FILES", "파일");
        FILES.forEach(entry ->
                entry("\\fI" + escaped(entry.name()) + "\\fR", entry.meaning().in(language)));
    }

    private void word(Word word, CommandSpec spec) {
        lines.add(".SS " + word.word());
        lines.add(".PP");
        lines.add(escaped(word.summary().in(language)) + ".");
        word.description().forEach(this::paragraph);
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            entry("\\fI" + escaped(parameter.paramLabel()) + "\\fR", text(parameter.description()));
        }
        for (OptionSpec option : spec.options()) {
            String names = "\\fB" + escaped(String.join(", ", option.names())) + "\\fR";
            String value = option.arity().max() == 0 ? "" : " \\fI" + escaped(option.paramLabel()) + "\\fR";
            entry(names + value, text(option.description()));
        }
        for (Example example : word.examples()) {
            lines.add(".PP");
            lines.add(escaped(example.meaning().in(language)) + ":");
            lines.add(".PP");
            lines.add(".nf");
            lines.add("    " + escaped(example.command()));
            lines.add(".fi");
        }
    }

    private void section(String english, String korean) {
        lines.add(".SH " + language.of(english, korean));
    }

    private void paragraph(Phrase phrase) {
        lines.add(".PP");
        lines.add(escaped(phrase.in(language)));
    }

    private void entry(String head, String meaning) {
        lines.add(".TP");
        lines.add(head);
        lines.add(escaped(meaning));
    }

    private static String text(String[] description) {
        return String.join(" ", description);
    }

    /** Returns text that troff prints as it is: no escape, no request at the start of a line, and hyphens as minus. */
    private static String escaped(String text) {
        String safe = text.replace("\\", "\\e").replace("-", "\\-");
        return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
    }
}
