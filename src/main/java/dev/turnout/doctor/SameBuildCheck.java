package dev.turnout.doctor;

import dev.turnout.config.RunningProcess;
import dev.turnout.routing.Target;
import dev.turnout.text.Phrase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether both slots of a service run different builds: a switch between equal ones changes nothing. */
final class SameBuildCheck implements Check {

    private static final String WORD = "same-build";

    private final String service;
    private final List<Target> blue;
    private final List<Target> green;
    private final LocalProcesses processes;

    SameBuildCheck(String service, List<Target> blue, List<Target> green, LocalProcesses processes) {
        this.service = service;
        this.blue = List.copyOf(blue);
        this.green = List.copyOf(green);
        this.processes = processes;
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        for (Target one : blue) {
            for (Target two : green) {
                Optional<RunningProcess> first = processes.behind(one);
                Optional<RunningProcess> second = processes.behind(two);
                if (first.isPresent() && second.isPresent()) {
                    compare(one, first.get(), two, second.get()).ifPresent(findings::add);
                }
            }
        }
        if (findings.isEmpty()) {
            findings.add(Finding.good(
                    WORD,
                    new Phrase(
                            service + ": no two slots are seen to run the same build",
                            service + ": 두 슬롯이 같은 빌드를 실행하는 것은 발견되지 않았습니다")));
        }
        return findings;
    }

    private Optional<Finding> compare(Target one, RunningProcess first, Target two, RunningProcess second) {
        String both = service + ": " + one + " (blue), " + two + " (green)";
        if (first.pid() == second.pid()) {
            return Optional.of(new Finding(
                    Severity.ERROR,
                    WORD,
                    new Phrase(
                            both + " are one process, " + first.pid() + ": a switch changes nothing",
                            both + "이(가) 같은 프로세스 " + first.pid() + "입니다. 전환해도 바뀌는 것이 없습니다"),
                    new Phrase(
                            "Give each slot a process of its own, on a port of its own", "슬롯마다 별도의 프로세스와 포트를 사용하세요")));
        }
        Optional<Path> jar = processes.jar(first);
        Optional<Path> other = processes.jar(second);
        return jar.isPresent() && other.isPresent() && areSame(jar.get(), other.get())
                ? Optional.of(new Finding(
                        Severity.ADVICE,
                        WORD,
                        new Phrase(both + " run the same jar, " + jar.get(), both + "이(가) 같은 jar를 실행합니다: " + jar.get()),
                        new Phrase(
                                "If a new version was meant to run in one of them, deploy it: turnout deploy app.jar",
                                "한쪽에 새 버전이 있어야 한다면 배포하세요: turnout deploy app.jar")))
                : Optional.empty();
    }

    private static boolean areSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other)
                    || Files.size(one) == Files.size(other) && Files.mismatch(one, other) < 0;
        } catch (IOException e) {
            return false;
        }
    }
}
