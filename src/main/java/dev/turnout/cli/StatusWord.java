package dev.turnout.cli;

import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.AdminPath;
import dev.turnout.client.ServiceStatus;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.text.Phrase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ParseResult;

/** The word {@code status}. */
final class StatusWord implements Word {

    private static final String WATCH = "--watch";
    private static final long REDRAW_MILLIS = 1_000;

    @Override
    public String word() {
        return "status";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Show which slot serves, and how all targets are", "어느 슬롯이 서비스 중인지와 모든 대상의 상태를 보여 줍니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(new Phrase(
                "Without --service all services are shown. With --json it is the status of one service.",
                "--service가 없으면 모든 서비스를 보여 줍니다. --json은 한 서비스의 상태를 출력합니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("turnout status", new Phrase("shows all services", "모든 서비스를 보여 줍니다")),
                new Example("turnout status -w", new Phrase("shows them every second", "매초 다시 보여 줍니다")),
                new Example(
                        "turnout status --json --service shop",
                        new Phrase("prints one service for a program", "프로그램을 위해 한 서비스를 출력합니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.flag(new Phrase("show it again every second", "매초 다시 보여 줍니다"), "-w", WATCH)
                .service()
                .json()
                .quiet();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        TurnoutLocation location = session.location(given);
        AdminClient client = location.client();
        Answer answer = new Answer(session, location);
        if (Session.has(given, WordSpec.JSON)) {
            AdminPath path = AdminPath.of("admin", "status").with("service", Session.service(given));
            Answered answered = answer.answered(client.call("GET", path, Answer.QUICK));
            ServiceStatus.of(answer.json(answered)).orElseThrow(answer::otherJson);
            session.terminal().line(answered.body());
            return ExitCode.DONE;
        }
        Optional<String> service = Session.option(given, WordSpec.SERVICE);
        List<ServiceStatus> seen = all(client, answer, service);
        if (Session.has(given, WordSpec.QUIET)) {
            return ExitCode.DONE;
        }
        if (Session.has(given, WATCH)) {
            return watch(session, client, answer, service);
        }
        new StatusTable(session, Instant.now()).lines(seen).forEach(session.terminal()::line);
        return ExitCode.DONE;
    }

    private static List<ServiceStatus> all(AdminClient client, Answer answer, Optional<String> service)
            throws WordFailed {
        ServiceStatus first = answer.status(client, service);
        List<ServiceStatus> all = new ArrayList<>(List.of(first));
        if (service.isEmpty()) {
            for (String other : first.services()) {
                if (!other.equals(first.service())) {
                    all.add(answer.status(client, Optional.of(other)));
                }
            }
        }
        return all;
    }

    /** Shows the table until Ctrl-C. Where lines can't be replaced, the table is shown again when it has changed. */
    private static ExitCode watch(Session session, AdminClient client, Answer answer, Optional<String> service)
            throws WordFailed {
        Terminal terminal = session.terminal();
        List<String> shown = List.of();
        while (!terminal.isClosed()) {
            List<String> lines = new StatusTable(session, Instant.now()).lines(all(client, answer, service));
            if (terminal.isLive()) {
                terminal.live(lines);
            } else if (!lines.equals(shown)) {
                lines.forEach(terminal::line);
            }
            shown = lines;
            try {
                TimeUnit.MILLISECONDS.sleep(REDRAW_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return ExitCode.INTERRUPTED;
            }
        }
        return ExitCode.DONE;
    }
}
