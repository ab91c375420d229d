package dev.turnout.doctor;

import dev.turnout.text.Phrase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Whether the user of the service may read the files of certificates, whoever asks. */
final class ReadableCheck implements Check {

    private static final String WORD = "certificate-files";
    private static final String ROOT = "root";

    /** A command line has an end. */
    private static final int MOST_FILES = 200;

    /** Prints the files that are there, and that its user may not read. */
    private static final String SCRIPT = "for file; do test -r \"$file\" || printf '%s\\n' \"$file\"; done";

    private final List<Path> files;
    private final String service;
    private final String self;
    private final Function<List<String>, Optional<String>> run;

    /**
     * @param files the files that the service has to read, as far as they exist
     * @param service the user of the service
     * @param self the user that asks
     * @param run returns what a program prints; empty if it fails
     */
    ReadableCheck(List<Path> files, String service, String self, Function<List<String>, Optional<String>> run) {
        this.files = files.stream().limit(MOST_FILES).toList();
        this.service = service;
        this.self = self;
        this.run = run;
    }

    @Override
    public List<Finding> look() {
        if (files.isEmpty() || self.equals(service)) {
            return List.of();
        }
        if (!self.equals(ROOT)) {
            return List.of(notJudged());
        }
        List<String> command = new ArrayList<>(List.of("runuser", "-u", service, "--", "sh", "-c", SCRIPT, "sh"));
        files.forEach(file -> command.add(file.toAbsolutePath().toString()));
        Optional<String> unreadable = run.apply(command);
        if (unreadable.isEmpty()) {
            return List.of(notJudged());
        }
        List<Finding> findings = unreadable.get().lines().map(this::unreadable).toList();
        return findings.isEmpty() ? List.of(good()) : findings;
    }

    private Finding good() {
        return Finding.good(
                WORD,
                new Phrase(
                        "User " + service + " may read the files of certificates",
                        service + " 사용자가 인증서 파일을 읽을 수 있습니다"));
    }

    private Finding unreadable(String file) {
        return new Finding(
                Severity.ERROR,
                WORD,
                new Phrase(
                        "User " + service + ", whose process Turnout is, may not read " + file,
                        "Turnout을 실행하는 " + service + " 사용자가 " + file + "을(를) 읽을 수 없습니다"),
                new Phrase(
                        "Give the group " + service + " the right to read the file, and to enter each folder above it",
                        service + " 그룹에 파일을 읽을 권한과 상위 폴더에 들어갈 권한을 주세요"));
    }

    private Finding notJudged() {
        return new Finding(
                Severity.ADVICE,
                WORD,
                new Phrase(
                        "What is said of certificates is what user " + self + " may read, and Turnout runs as user "
                                + service,
                        "인증서 검사는 " + self + " 사용자의 권한으로 했고, Turnout은 " + service + " 사용자로 실행됩니다"),
                new Phrase("Run as root: sudo turnout doctor", "root로 실행하세요: sudo turnout doctor"));
    }
}
