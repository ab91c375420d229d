package dev.turnout.cli;

import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.AdminPath;
import dev.turnout.client.ServiceStatus;
import dev.turnout.config.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The search for what became of a change whose answer was lost. Turnout carries a change to its end without its caller. */
final class LostAnswer {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST_CHANGE = Duration.ofHours(1);
    private static final long EVERY_MILLIS = 500;

    private final Session session;
    private final AdminClient client;
    private final List<ServiceStatus> before;
    private final ExpectedOutcome expected;

    /**
     * Makes a search.
     *
     * @param before the status of each service before the change
     * @param expected what holds if the change was made
     */
    LostAnswer(Session session, AdminClient client, List<ServiceStatus> before, ExpectedOutcome expected) {
        this.session = session;
        this.client = client;
        this.before = before;
        this.expected = expected;
    }

    /**
     * Waits until the change has ended.
     *
     * @return the status of the last service; the change is in force at all of them
     * @throws WordFailed if the change is not in force, or it is not known
     */
    ServiceStatus find() throws WordFailed {
        session.terminal()
                .error(session.say(
                        "The answer was lost. Asking Turnout whether the change was made ...",
                        "응답을 받지 못했습니다. 변경이 이루어졌는지 Turnout에 확인합니다 ..."));
        List<ServiceStatus> now = new ArrayList<>();
        for (ServiceStatus service : before) {
            now.add(afterwards(service.service()).orElseThrow(this::unknown));
        }
        boolean hasMoved = false;
        Optional<ServiceStatus> unmet = Optional.empty();
        for (int i = 0; i < before.size(); i++) {
            hasMoved |= now.get(i).revision() != before.get(i).revision();
            if (!expected.isMet(before.get(i), now.get(i))) {
                unmet = Optional.of(now.get(i));
            }
        }
        if (unmet.isPresent()) {
            throw hasMoved ? gone(unmet.get()) : notMade(unmet.get());
        }
        return now.get(now.size() - 1);
    }

    private WordFailed unknown() {
        return new WordFailed(
                ExitCode.UNKNOWN,
                session.say(
                        "Turnout does not answer, so it is not known whether the change was made. Stop neither"
                                + " version.",
                        "Turnout이 응답하지 않아 변경이 이루어졌는지 알 수 없습니다. 두 버전 모두 종료하지 마십시오."),
                session.say(
                        "Once Turnout runs again, 'turnout status' and 'turnout history' tell.",
                        "Turnout이 다시 실행되면 'turnout status'와 'turnout history'로 확인하십시오."));
    }

    private WordFailed notMade(ServiceStatus service) {
        return new WordFailed(
                ExitCode.FAILED,
                session.say(
                        "The change was not made: " + service.active() + " serves as before.",
                        "변경이 이루어지지 않았습니다. 이전과 같이 " + service.active() + "이(가) 서비스 중입니다."));
    }

    private WordFailed gone(ServiceStatus service) {
        return new WordFailed(
                ExitCode.FAILED,
                session.say(
                        "The change is not in force: " + service.active() + " serves, revision " + service.revision()
                                + ". Turnout has taken the change back, or another change was made.",
                        "변경이 적용되어 있지 않습니다. " + service.active() + "이(가) 서비스 중입니다 (리비전 " + service.revision()
                                + "). Turnout이 변경을 되돌렸거나 다른 변경이 있었습니다."),
                session.say("'turnout history' tells which.", "'turnout history'로 확인하십시오."));
    }

    /** Returns the status once no change is under way; empty if Turnout does not answer. */
    private Optional<ServiceStatus> afterwards(String service) {
        Deadline end = Deadline.after(LONGEST_CHANGE);
        Deadline silence = Deadline.after(PATIENCE);
        while (!silence.isOver() && !end.isOver()) {
            Optional<ServiceStatus> status = status(service);
            if (status.isPresent() && status.get().switching().isEmpty()) {
                return status;
            }
            if (status.isPresent()) {
                silence = Deadline.after(PATIENCE);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private Optional<ServiceStatus> status(String service) {
        AdminPath path = AdminPath.of("admin", "status").with("service", service);
        AdminOutcome outcome = client.call("GET", path, Answer.QUICK);
        return outcome instanceof Answered answered ? answered.json().flatMap(ServiceStatus::of) : Optional.empty();
    }
}
