package dev.turnout.cli;

import dev.turnout.cli.Happening.Deaf;
import dev.turnout.cli.Happening.Ended;
import dev.turnout.cli.Happening.Interrupted;
import dev.turnout.cli.Happening.Told;
import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.AdminOutcome.Lost;
import dev.turnout.client.AdminOutcome.NotTurnout;
import dev.turnout.client.AdminOutcome.Refused;
import dev.turnout.client.AdminPath;
import dev.turnout.client.ServiceStatus;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.text.ChangeText;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/**
 * A change that a word asks Turnout for, with its progress. Ctrl-C cancels the change until it is in force.
 *
 * <p>The thread of the word does all printing. Other threads put what they hear into a queue.
 */
final class ChangeCall {

    private static final Duration LONGEST = Duration.ofHours(24);
    private static final long LOOK_MILLIS = 500;
    private static final long FIRST_EVENT_MILLIS = 3_000;

    /** So many looks in a row without an answer mean that Turnout is gone, after the stream of events has ended. */
    private static final int MOST_SILENT_LOOKS = 6;

    private final Session session;
    private final Terminal terminal;
    private final AdminClient client;
    private final Answer answer;
    private final boolean isJson;
    private final boolean isShown;
    private final Optional<Duration> watch;
    private final ExpectedOutcome expected;
    private final Optional<String> by;
    private final List<ServiceStatus> before = new ArrayList<>();
    private final Map<String, ChangeProgress> progress = new TreeMap<>();
    private final BlockingQueue<Happening> happenings = new LinkedBlockingQueue<>();
    private boolean isDeaf;
    private int silentLooks;

    private ChangeCall(ParseResult given, Session session, Optional<Duration> watch, ExpectedOutcome expected)
            throws WordFailed {
        TurnoutLocation location = session.location(given);
        this.session = session;
        this.terminal = session.terminal();
        this.client = location.client();
        this.answer = new Answer(session, location);
        this.isJson = Session.has(given, WordSpec.JSON);
        this.isShown = !isJson && !Session.has(given, WordSpec.QUIET);
        this.watch = watch;
        this.expected = expected;
        this.by = ChangeOptions.by(given, session);
        for (String service : Session.services(given)) {
            ServiceStatus status = answer.status(client, Optional.of(service));
            before.add(status);
            progress.put(service, new ChangeProgress(session.language(), status, watch));
        }
    }

    /**
     * Makes the change. Blocks until it has ended.
     *
     * @param method {@code POST} or {@code DELETE}
     * @param path of the call; the options of {@link ChangeOptions} are added
     * @param expected what holds if the change was made
     */
    static ExitCode make(String method, AdminPath path, ExpectedOutcome expected, ParseResult given, Session session)
            throws WordFailed {
        return make(method, path, "", expected, given, session);
    }

    /** Makes a change that hands something over in its body. */
    static ExitCode make(
            String method, AdminPath path, String body, ExpectedOutcome expected, ParseResult given, Session session)
            throws WordFailed {
        ChangeCall call = new ChangeCall(
                given,
                session,
                ChangeOptions.watch(given, session),
                ChangeOptions.isDryRun(given) ? ExpectedOutcome.NOTHING : expected);
        return call.run(method, ChangeOptions.added(path, given, session), body);
    }

    private ExitCode run(String method, AdminPath path, String body) throws WordFailed {
        Interrupts.tell(exit -> happenings.add(new Interrupted(exit)));
        Optional<ExitCode> early = isShown ? listen() : Optional.empty();
        if (early.isPresent()) {
            terminal.error(cancelled());
            return early.get();
        }
        start("change", () -> happenings.add(new Ended(client.callWith(body, method, path, LONGEST))));
        try {
            while (true) {
                Happening next = happenings.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                Optional<ExitCode> end = next == null ? look() : take(next);
                if (end.isPresent()) {
                    return end.get();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        } finally {
            terminal.endLive();
        }
    }

    private Optional<ExitCode> take(Happening next) throws WordFailed, InterruptedException {
        if (next instanceof Ended ended) {
            return Optional.of(end(ended.outcome()));
        }
        if (next instanceof Interrupted interrupted) {
            return Optional.of(interrupt(interrupted.exit()));
        }
        if (next instanceof Told told) {
            tell(told);
        }
        isDeaf |= next instanceof Deaf;
        return Optional.empty();
    }

    /**
     * Opens the stream of events of each service, and waits for its first one, so that none of the change is missed.
     *
     * @return how to end, if the operator wants to stop: then the change is not to be asked for
     */
    private Optional<ExitCode> listen() {
        progress.keySet()
                .forEach(service -> start("events", () -> {
                    client.events(service, (kind, detail) -> happenings.add(new Told(service, kind, detail)));
                    happenings.add(new Deaf());
                }));
        try {
            for (int streams = progress.size(); streams > 0 && !isDeaf; streams--) {
                Happening first = happenings.poll(FIRST_EVENT_MILLIS, TimeUnit.MILLISECONDS);
                if (first instanceof Interrupted interrupted) {
                    return Optional.of(interrupted.exit());
                }
                isDeaf = first == null || first instanceof Deaf;
            }
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(ExitCode.INTERRUPTED);
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void tell(Told told) {
        ChangeProgress of = progress.get(told.service());
        List<String> lines = of == null ? List.of() : named(told.service(), of.told(told.kind(), told.detail()));
        if (terminal.isLive()) {
            if (told.kind().equals("switched")) {
                lines.forEach(line -> terminal.line(terminal.styled(Style.GREEN, line)));
            }
            showLive();
        } else {
            lines.forEach(terminal::line);
        }
    }

    /** Returns lines about a service, with its name if there are several. */
    private List<String> named(String service, List<String> lines) {
        return progress.size() == 1
                ? lines
                : lines.stream().map(line -> service + ": " + line).toList();
    }

    /** Looks whether Turnout still answers, once the stream of events has ended. */
    private Optional<ExitCode> look() throws WordFailed {
        if (!isDeaf) {
            return Optional.empty();
        }
        silentLooks = status().isPresent() ? 0 : silentLooks + 1;
        return silentLooks < MOST_SILENT_LOOKS ? Optional.empty() : Optional.of(lost());
    }

    private ExitCode lost() throws WordFailed {
        ServiceStatus service = new LostAnswer(session, client, before, expected).find();
        String made = session.say(
                "The change was made: " + service.active() + " serves, revision " + service.revision()
                        + ". 'turnout history' has the details.",
                "변경이 이루어졌습니다. " + service.active() + "이(가) 서비스 중입니다 (리비전 " + service.revision()
                        + "). 자세한 내용은 'turnout history'에 있습니다.");
        if (isShown) {
            terminal.line(made);
        } else {
            terminal.error(made);
        }
        return ExitCode.DONE;
    }

    private void showLive() {
        terminal.live(progress.entrySet().stream()
                .flatMap(of -> named(of.getKey(), of.getValue().live()).stream())
                .map(line -> terminal.styled(Style.DIM, line))
                .toList());
    }

    private Optional<ServiceStatus> status() {
        AdminPath path =
                AdminPath.of("admin", "status").with("service", before.get(0).service());
        AdminOutcome outcome = client.call("GET", path, Answer.QUICK);
        return outcome instanceof Answered answered ? answered.json().flatMap(ServiceStatus::of) : Optional.empty();
    }

    private ExitCode end(AdminOutcome outcome) throws WordFailed {
        terminal.endLive();
        if (outcome instanceof Answered answered) {
            if (isJson) {
                terminal.line(answered.body());
            } else if (isShown) {
                ChangeText.of(answer.json(answered), session.language()).forEach(terminal::line);
            }
            return ExitCode.DONE;
        }
        if (outcome instanceof Refused refused) {
            if (isJson) {
                terminal.line(refused.body());
                return Answer.exit(refused);
            }
            List<String> lines = ChangeText.of(refused.json(), session.language());
            throw new WordFailed(Answer.exit(refused), lines.toArray(String[]::new));
        }
        // Turnout has answered at this address before, so another answer is that of a proxy on the way.
        if (outcome instanceof Lost || outcome instanceof NotTurnout) {
            return lost();
        }
        throw answer.failed(outcome);
    }

    private String serving() {
        return before.stream()
                .flatMap(status -> named(status.service(), List.of(status.active())).stream())
                .collect(Collectors.joining(", "));
    }

    /** A change in force lets go of the service while it waits. Then the change under way may be another one. */
    private boolean isSomebodyElses(JsonObject change) {
        return change.getValue("by") instanceof String who
                && by.filter(own -> !own.equals(who)).isPresent();
    }

    private String tooLate(JsonObject problem) {
        return ChangeText.isInForce(problem)
                ? session.say(
                        "It is too late to cancel: the change is in force, and Turnout brings it to its end. 'turnout"
                                + " status' shows it; 'turnout rollback' takes a switch back.",
                        "취소하기에는 늦었습니다. 변경이 이미 적용되었고 Turnout이 끝까지 진행합니다. 'turnout status'로"
                                + " 확인하고, 되돌리려면 'turnout rollback'을 실행하십시오.")
                : session.say(
                        "It is too late to cancel: the change is being made, and may still fail. 'turnout status' shows"
                                + " what holds.",
                        "취소하기에는 늦었습니다. 변경을 적용하는 중이며 아직 실패할 수 있습니다. 'turnout status'로 확인하십시오.");
    }

    private String cancelled() {
        return session.say(
                "Cancelled. Nothing has changed: " + serving() + " serves.",
                "취소했습니다. 바뀐 것은 없습니다: " + serving() + "이(가) 서비스 중입니다.");
    }

    /** Cancels the change if it is not in force yet. Says what holds. */
    private ExitCode interrupt(ExitCode exit) throws InterruptedException {
        Optional<JsonObject> others = status().flatMap(ServiceStatus::switching).filter(this::isSomebodyElses);
        if (others.isPresent()) {
            terminal.endLive();
            String what = others.get().getValue("what") + ", " + others.get().getValue("by");
            terminal.error(session.say(
                    "Nothing was cancelled: the change under way is somebody else's (" + what
                            + "). 'turnout status' shows what holds.",
                    "취소하지 않았습니다. 진행 중인 변경은 다른 사람의 것입니다(" + what + "). 'turnout status'로 확인하십시오."));
            return exit;
        }
        AdminPath path = AdminPath.of("admin", "switch")
                .with("service", before.get(0).service())
                .with("by", session.person());
        AdminOutcome outcome = client.call("DELETE", path, Answer.QUICK);
        terminal.endLive();
        if (outcome instanceof Answered) {
            terminal.error(cancelled());
            return exit;
        }
        if (outcome instanceof Refused refused && refused.type().equals("too-late")) {
            terminal.error(tooLate(refused.json()));
            return exit;
        }
        @Nullable Happening last = happenings.poll(1, TimeUnit.SECONDS);
        boolean hasEnded = last instanceof Ended;
        terminal.error(
                hasEnded
                        ? session.say(
                                "The change had ended before it could be cancelled. 'turnout status' shows what holds.",
                                "취소하기 전에 변경이 끝났습니다. 'turnout status'로 확인하십시오.")
                        : session.say(
                                "Turnout did not confirm that the change was cancelled. 'turnout status' shows what"
                                        + " holds.",
                                "변경이 취소되었는지 Turnout이 확인해 주지 않았습니다. 'turnout status'로 확인하십시오."));
        return exit;
    }
}
