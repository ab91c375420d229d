package dev.turnout.nginx;

import dev.turnout.config.Deadline;
import dev.turnout.config.GrowingPause;
import dev.turnout.nginx.UpstreamProbe.Answer;
import dev.turnout.routing.Warning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The confirmation that a configuration is in force after a reload. No worker of the configuration before takes
 * connections any more, and a response through nginx comes from the right target. The success of the reload command
 * proves neither: nginx goes on with its old workers, without a word, if the new configuration is wrong.
 */
final class Confirmation {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    /** How many responses are needed if the workers cannot be seen: an old worker may still answer. */
    private static final int ANSWERS_WITHOUT_PROCESSES = 5;

    private final NginxProcesses processes;
    private final Optional<UpstreamProbe> probe;
    private final Duration timeout;

    Confirmation(NginxProcesses processes, Optional<UpstreamProbe> probe, Duration timeout) {
        this.processes = processes;
        this.probe = probe;
        this.timeout = timeout;
    }

    /** The verdict on a reload. */
    sealed interface ReloadVerdict {

        /** The configuration is in force. The caveats say what could not be looked at, a sentence each. */
        record Confirmed(List<Warning> caveats) implements ReloadVerdict {}

        /**
         * The configuration was not seen in force in time.
         *
         * @param reason what was seen instead
         * @param loaded whether nginx's workers were still seen to be replaced: the new workers have read the file
         */
        record NotConfirmed(String reason, boolean loaded) implements ReloadVerdict {}
    }

    /** Asks once, without a reload. Returns why the route is not seen in force; empty if it is. Blocks. */
    Optional<String> denial(Route route) {
        return route.serving().isEmpty() ? Optional.empty() : probe.flatMap(asked -> denial(asked.ask(), route));
    }

    boolean canAsk() {
        return probe.isPresent();
    }

    /**
     * Blocks until the route is in force or the time is up.
     *
     * @param before the processes before the reload; empty if they could not be seen
     */
    ReloadVerdict await(Route route, Optional<WorkerGeneration> before) throws InterruptedException {
        if (before.isEmpty() && probe.isEmpty()) {
            return new ReloadVerdict.NotConfirmed(
                    "there is nothing to confirm it by: " + noMaster()
                            + ", and turnout.nginx.probe is empty; set one of the two",
                    false);
        }
        Deadline deadline = Deadline.after(timeout);
        GrowingPause pauses = new GrowingPause(FIRST_PAUSE, LONGEST_PAUSE);
        int answers = 0;
        int enough = before.isPresent() ? 1 : ANSWERS_WITHOUT_PROCESSES;
        while (true) {
            Optional<String> missing = before.flatMap(this::goingOn);
            boolean loaded = before.isPresent() && missing.isEmpty();
            if (missing.isEmpty()) {
                missing = goingOnBeforeUpgrade();
            }
            if (missing.isEmpty()) {
                missing = denial(route);
                answers = missing.isEmpty() ? answers + 1 : 0;
            }
            if (missing.isEmpty() && (answers >= enough || probe.isEmpty())) {
                return new ReloadVerdict.Confirmed(caveats(before));
            }
            if (missing.isPresent() && deadline.isOver()) {
                return new ReloadVerdict.NotConfirmed(
                        missing.get() + ", " + timeout.toMillis() + " ms after the reload", loaded);
            }
            Thread.sleep(pauses.next().toMillis());
        }
    }

    /** Returns why the workers from before the reload may still take connections; empty if they are replaced. */
    private Optional<String> goingOn(WorkerGeneration before) {
        Optional<WorkerGeneration> now = processes.now();
        if (now.isEmpty()) {
            return Optional.of("nginx's master process is gone");
        }
        if (now.get().hasReplaced(before)) {
            return Optional.empty();
        }
        return Optional.of("nginx goes on with the workers of its old configuration (processes "
                + processes.alive(before.serving()) + "); its error log says why");
    }

    /** Returns why an nginx that no reload reaches still takes connections; empty if there is none. */
    private Optional<String> goingOnBeforeUpgrade() {
        return processes
                .beforeUpgrade()
                .filter(before -> !before.serving().isEmpty())
                .map(before ->
                        "the nginx from before an upgrade of its program still takes connections (master process "
                                + before.master() + "): send QUIT to this process");
    }

    private static Optional<String> denial(Answer answer, Route route) {
        if (answer instanceof Answer.Nobody nobody) {
            return Optional.of(nobody.reason());
        }
        Answer.From from = (Answer.From) answer;
        return from.isOneOf(route.serving()) ? Optional.empty() : Optional.of("nginx answers from " + from.address());
    }

    private List<Warning> caveats(Optional<WorkerGeneration> before) {
        List<Warning> caveats = new ArrayList<>();
        if (before.isEmpty()) {
            caveats.add(NginxState.unconfirmed(
                    noMaster() + ": whether an old worker still takes a connection now and then, and when the old"
                            + " requests have ended, is not known; set turnout.nginx.pid.",
                    "turnout.nginx.pid(" + processes.pidFile()
                            + ")에서 nginx의 마스터 프로세스를 찾지 못했습니다. 이전 워커가 아직 연결을 받는지, 이전 요청이 언제 끝나는지 알 수 없습니다."
                            + " turnout.nginx.pid를 설정하십시오."));
        }
        if (probe.isEmpty()) {
            caveats.add(NginxState.unconfirmed(
                    "nginx's new workers have taken over, but no answer of a target through nginx has been looked"
                            + " at: turnout.nginx.probe is empty.",
                    "nginx의 새 워커가 넘겨받았지만 nginx를 거친 대상의 응답은 확인하지 않았습니다. turnout.nginx.probe가 비어 있습니다."));
        }
        return List.copyOf(caveats);
    }

    private String noMaster() {
        return "no master process of nginx is seen behind turnout.nginx.pid (" + processes.pidFile() + ")";
    }
}
