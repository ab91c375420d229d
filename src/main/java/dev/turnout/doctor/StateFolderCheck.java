package dev.turnout.doctor;

import dev.turnout.text.Phrase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether Turnout can keep its state: the folder, its owner, its mode, and the process that owns its lock. */
final class StateFolderCheck implements Check {

    private static final String WORD = "state-folder";
    private static final int ROOT = 0;

    private final Path folder;
    private final int user;
    private final SystemFiles files;

    /** @param user the id of the user that this process runs as */
    StateFolderCheck(Path folder, int user, SystemFiles files) {
        this.folder = folder.toAbsolutePath().normalize();
        this.user = user;
        this.files = files;
    }

    @Override
    public List<Finding> look() {
        if (Files.notExists(folder)) {
            return List.of(missing());
        }
        if (!Files.isDirectory(folder)) {
            return List.of(new Finding(
                    Severity.ERROR,
                    WORD,
                    new Phrase(folder + " is not a folder", folder + "은(는) 폴더가 아닙니다"),
                    new Phrase(
                            "Remove the file, or set turnout.state.directory to another place",
                            "파일을 지우거나 turnout.state.directory 를 다른 곳으로 설정하세요")));
        }
        List<Finding> findings = new ArrayList<>();
        try {
            owner(findings);
        } catch (IOException e) {
            findings.add(unreadable());
        }
        if (findings.isEmpty()) {
            findings.add(holder());
        }
        return findings;
    }

    private Finding missing() {
        Path above = folder;
        while (above != null && Files.notExists(above)) {
            above = above.getParent();
        }
        if (above != null && Files.isDirectory(above) && Files.isWritable(above)) {
            return Finding.good(
                    WORD,
                    new Phrase(
                            folder + " is not there yet, and Turnout makes it at its start",
                            folder + "이(가) 아직 없습니다. Turnout이 시작할 때 만듭니다"));
        }
        return new Finding(
                Severity.ERROR,
                WORD,
                new Phrase(
                        folder + " is not there, and this user may not make it", folder + "이(가) 없고 이 사용자는 만들 수 없습니다"),
                new Phrase(
                        "Make the folder and give it to the user that Turnout runs as, or set turnout.state.directory",
                        "폴더를 만들어 Turnout을 실행하는 사용자에게 주거나 turnout.state.directory 를 설정하세요"));
    }

    private void owner(List<Finding> findings) throws IOException {
        int owner = (Integer) Files.getAttribute(folder, "unix:uid");
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
        if (user != ROOT && !Files.isWritable(folder)) {
            findings.add(owner == user ? readOnly() : others(owner));
        }
        if (mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            findings.add(new Finding(
                    Severity.WARNING,
                    WORD,
                    new Phrase(
                            "Every user may write to " + folder + ", and so may change what Turnout does",
                            "모든 사용자가 " + folder + "에 쓸 수 있어 Turnout의 동작을 바꿀 수 있습니다"),
                    new Phrase("Run: chmod 700 " + folder, "chmod 700 " + folder + " 을 실행하세요")));
        }
    }

    private Finding readOnly() {
        return new Finding(
                Severity.ERROR,
                WORD,
                new Phrase(folder + " can't be written", folder + "에 쓸 수 없습니다"),
                new Phrase(
                        "Run: chmod u+rwx " + folder + ", or mount its file system for writing",
                        "chmod u+rwx " + folder + " 을 실행하거나 파일 시스템을 쓰기 가능하게 마운트하세요"));
    }

    private Finding others(int owner) {
        return new Finding(
                Severity.ADVICE,
                WORD,
                new Phrase(
                        folder + " belongs to another user (" + owner + "): a Turnout of this user could not start",
                        folder + "은(는) 다른 사용자(" + owner + ")의 것입니다. 이 사용자로는 Turnout을 시작할 수 없습니다"),
                new Phrase("Run as root to see more: sudo turnout doctor", "자세히 보려면 root로 실행하세요: sudo turnout doctor"));
    }

    private Finding unreadable() {
        return new Finding(
                Severity.ADVICE,
                WORD,
                new Phrase(folder + " can't be looked at", folder + "을(를) 볼 수 없습니다"),
                new Phrase("Run as root: sudo turnout doctor", "root로 실행하세요: sudo turnout doctor"));
    }

    private Finding holder() {
        String pid = content(folder.resolve("lock"));
        boolean isRunning = pid.matches("[0-9]{1,10}")
                && Files.exists(files.root().resolve("proc/" + pid), LinkOption.NOFOLLOW_LINKS);
        return Finding.good(
                WORD,
                isRunning
                        ? new Phrase(
                                folder + " is used by process " + pid, folder + "을(를) 프로세스 " + pid + "이(가) 사용 중입니다")
                        : new Phrase(
                                folder + " can be used, and no Turnout uses it now",
                                folder + "을(를) 사용할 수 있고, 지금 사용하는 Turnout은 없습니다"));
    }

    private static String content(Path file) {
        try {
            return Files.size(file) < 32 ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            return "";
        }
    }
}
