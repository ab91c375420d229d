package dev.turnout.doctor;

import dev.turnout.text.Phrase;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the running Turnout, or else the unit, may open as many files as the configured limits need. */
final class FileLimitCheck implements Check {

    private static final String WORD = "file-limit";
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files\\s+(\\d+)\\s.*");

    private final long needed;
    private final OptionalLong pid;
    private final SystemFiles files;
    private final Units units;

    /**
     * @param needed how many files the configured limits need
     * @param pid the process that runs, if it is known
     */
    FileLimitCheck(long needed, OptionalLong pid, SystemFiles files, Units units) {
        this.needed = needed;
        this.pid = pid;
        this.files = files;
        this.units = units;
    }

    @Override
    public List<Finding> look() {
        OptionalLong limit = limit();
        if (limit.isEmpty()) {
            return List.of();
        }
        long may = limit.getAsLong();
        if (may >= needed) {
            return List.of(Finding.good(
                    WORD,
                    new Phrase(
                            "Turnout may open " + may + " files, the limits need " + needed,
                            "Turnout은 파일 " + may + "개를 열 수 있고, 설정에는 " + needed + "개가 필요합니다")));
        }
        return List.of(new Finding(
                Severity.WARNING,
                WORD,
                new Phrase(
                        "Turnout may open " + may + " files, and the configured limits need " + needed
                                + ": new clients would wait",
                        "Turnout은 파일 " + may + "개만 열 수 있는데 설정에는 " + needed + "개가 필요합니다. 새 클라이언트가 기다리게 됩니다"),
                new Phrase(
                        "Set LimitNOFILE=" + needed + " in the unit, or lower turnout.limits.connections and"
                                + " turnout.limits.requests",
                        "유닛에 LimitNOFILE=" + needed + " 을 설정하거나 turnout.limits.connections 와"
                                + " turnout.limits.requests 를 낮추세요")));
    }

    private OptionalLong limit() {
        if (pid.isPresent()) {
            return files.text("proc/" + pid.getAsLong() + "/limits")
                    .map(FileLimitCheck::ofProcess)
                    .orElseGet(OptionalLong::empty);
        }
        Optional<String> unit = units.service().map(keys -> keys.getOrDefault("LimitNOFILE", ""));
        if (unit.isPresent()) {
            // Of "soft:hard" a JVM uses the hard limit.
            String value = unit.get().replaceFirst(".*:", "");
            return value.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(value)) : OptionalLong.empty();
        }
        return files.text("proc/self/limits").map(FileLimitCheck::ofProcess).orElseGet(OptionalLong::empty);
    }

    private static OptionalLong ofProcess(String limits) {
        Matcher matcher = OPEN_FILES.matcher(limits);
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }
}
