package dev.turnout.doctor;

import static java.util.Objects.requireNonNull;

import dev.turnout.config.NamedPaths.NamedPath;
import dev.turnout.config.NamedPaths.Use;
import dev.turnout.text.Phrase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Whether the service may use the files, folders and sockets that the configuration names, whoever asks. Its user has
 * rights, and its unit says where it may write.
 */
final class FileRightsCheck implements Check {

    private static final String WORD = "file-rights";
    private static final String ROOT = "root";

    /** A command line has an end. */
    private static final int MOST_FILES = 200;

    /** Whoever connects to a socket writes to it. What stands below is made anew there, and belongs to this process. */
    private static final Path DEVICES = Path.of("/dev");

    /**
     * Prints the arguments whose path its user may not use: {@code r} before the path to read it, {@code w} to write it too,
     * {@code x} to run it.
     */
    private static final String SCRIPT = """
            for one; do
              path=${one#?}
              if test "$one" = "x$path"; then test -x "$path"
              elif test -S "$path"; then test -w "$path"
              elif test -d "$path"; then test -r "$path" && test -x "$path"
              else test -r "$path"; fi &&
              case $one in w*) test -w "$path" ;; esac || printf '%s\\n' "$one"
            done
            """;

    private final Map<String, NamedPath> byArgument = new LinkedHashMap<>();
    private final List<NamedPath> shut;
    private final String service;
    private final String self;
    private final Function<List<String>, Optional<String>> run;

    /**
     * @param paths what the service has to read or write. Missing ones are left out; of one to be written, the folder counts
     * @param writable where the unit of the service lets it write
     * @param service the user of the service
     * @param self the user that asks
     * @param run returns what a program prints; empty if it fails
     */
    FileRightsCheck(
            List<NamedPath> paths,
            WritableFolders writable,
            String service,
            String self,
            Function<List<String>, Optional<String>> run) {
        List<NamedPath> judged = paths.stream()
                .filter(path -> !path.path().startsWith(DEVICES))
                .limit(MOST_FILES)
                .toList();
        judged.forEach(path -> existing(path)
                .filter(place -> !isMadeAtStart(path, place, writable))
                .ifPresent(place -> byArgument.putIfAbsent(letter(path.use()) + place, path)));
        // The working folder of the service is another one than that of this process.
        this.shut = judged.stream()
                .filter(path -> path.use() == Use.WRITE && path.path().isAbsolute())
                .filter(path -> !writable.contain(path.path()))
                .toList();
        this.service = service;
        this.self = self;
        this.run = run;
    }

    private static String letter(Use use) {
        return switch (use) {
            case READ -> "r";
            case WRITE -> "w";
            case RUN -> "x";
        };
    }

    private static Optional<Path> existing(NamedPath named) {
        Path path = named.path().toAbsolutePath();
        while (named.use() == Use.WRITE && path.getParent() != null && Files.notExists(path)) {
            path = path.getParent();
        }
        return Optional.of(path).filter(Files::exists);
    }

    /** Returns true if systemd will make a folder of the path that is not there yet. */
    private static boolean isMadeAtStart(NamedPath named, Path place, WritableFolders writable) {
        return writable.madeFor(named.path())
                .filter(folder -> !place.startsWith(folder))
                .isPresent();
    }

    @Override
    public List<Finding> look() {
        return shut.isEmpty()
                ? ofUser()
                : Stream.concat(
                                shut.stream().map(FileRightsCheck::shut),
                                ofUser().stream().filter(finding -> finding.severity() != Severity.GOOD))
                        .toList();
    }

    private static Finding shut(NamedPath named) {
        Path folder = Files.isDirectory(named.path())
                ? named.path()
                : requireNonNull(named.path().getParent());
        return new Finding(
                Severity.ERROR,
                WORD,
                new Phrase(
                        "turnout.service does not let Turnout write to " + named.path() + " (" + named.key()
                                + "): for its process that folder is read-only (ProtectSystem, ProtectHome)",
                        "turnout.service 때문에 Turnout이 " + named.path() + "에 쓸 수 없습니다 (" + named.key()
                                + "). 이 프로세스에는 그 폴더가 읽기 전용입니다(ProtectSystem, ProtectHome)"),
                new Phrase(
                        "Make the folder " + folder + ", set ReadWritePaths=" + folder
                                + " below [Service] by 'systemctl edit turnout', and restart Turnout",
                        folder + " 폴더를 만들고, 'systemctl edit turnout'의 [Service] 아래에 ReadWritePaths=" + folder
                                + " 를 설정한 뒤 Turnout을 다시 시작하세요"));
    }

    private List<Finding> ofUser() {
        if (byArgument.isEmpty()) {
            return List.of();
        }
        if (!self.equals(service) && !self.equals(ROOT)) {
            return List.of(notJudged());
        }
        List<String> command = new ArrayList<>();
        if (!self.equals(service)) {
            command.addAll(List.of("runuser", "-u", service, "--"));
        }
        command.addAll(List.of("sh", "-c", SCRIPT, "sh"));
        command.addAll(byArgument.keySet());
        Optional<String> refused = run.apply(command);
        if (refused.isEmpty()) {
            return List.of(notJudged());
        }
        List<Finding> findings = refused.get()
                .lines()
                .filter(byArgument::containsKey)
                .map(this::refused)
                .toList();
        return findings.isEmpty() ? List.of(good()) : findings;
    }

    private Finding good() {
        return Finding.good(
                WORD,
                new Phrase(
                        "User " + service + " may use the files that the configuration names",
                        service + " 사용자가 설정에 있는 파일을 쓸 수 있습니다"));
    }

    private Finding refused(String argument) {
        NamedPath named = requireNonNull(byArgument.get(argument));
        Path place = Path.of(argument.substring(1));
        return switch (isSocket(place) ? Use.WRITE : named.use()) {
            case READ -> refused(named, place, new Phrase("read", "읽기"));
            case WRITE -> refused(named, place, new Phrase("write to", "쓰기"));
            case RUN -> refused(named, place, new Phrase("run", "실행"));
        };
    }

    private Finding refused(NamedPath named, Path place, Phrase use) {
        return new Finding(
                Severity.ERROR,
                WORD,
                new Phrase(
                        "User " + service + ", whose process Turnout is, may not " + use.english() + " " + place + " ("
                                + named.key() + ")",
                        "Turnout을 실행하는 " + service + " 사용자가 " + place + "에 대한 " + use.korean() + " 권한이 없습니다 ("
                                + named.key() + ")"),
                new Phrase(
                        "Give the group " + service + " the right to " + use.english()
                                + " it, and to enter each folder above it",
                        service + " 그룹에 " + use.korean() + " 권한과 상위 폴더에 들어갈 권한을 주세요"));
    }

    private static boolean isSocket(Path path) {
        return !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    private Finding notJudged() {
        return new Finding(
                Severity.ADVICE,
                WORD,
                new Phrase(
                        "What is said of files is what user " + self + " may do, and Turnout runs as user " + service,
                        "파일 검사는 " + self + " 사용자의 권한으로 했고, Turnout은 " + service + " 사용자로 실행됩니다"),
                new Phrase("Run as root: sudo turnout doctor", "root로 실행하세요: sudo turnout doctor"));
    }
}
