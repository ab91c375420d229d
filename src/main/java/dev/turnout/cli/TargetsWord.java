package dev.turnout.cli;

import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminPath;
import dev.turnout.client.ServiceStatus;
import dev.turnout.client.ServiceStatus.TargetState;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.text.Phrase;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The word {@code targets}. */
final class TargetsWord implements Word {

    @Override
    public String word() {
        return "targets";
    }

    @Override
    public Phrase summary() {
        return new Phrase("List the targets of both slots", "두 슬롯의 대상을 보여 줍니다");
    }

    @Override
    public List<Example> examples() {
        return List.of(new Example(
                "turnout targets --service shop", new Phrase("lists the targets of one service", "한 서비스의 대상을 보여 줍니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.service().json().quiet();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        TurnoutLocation location = session.location(given);
        AdminClient client = location.client();
        Answer answer = new Answer(session, location);
        String service = Session.service(given);
        if (Session.has(given, WordSpec.JSON)) {
            AdminPath path = AdminPath.of("admin", "targets").with("service", service);
            session.terminal()
                    .line(answer.answered(client.call("GET", path, Answer.QUICK))
                            .body());
            return ExitCode.DONE;
        }
        ServiceStatus status = answer.status(client, Optional.of(service));
        if (!Session.has(given, WordSpec.QUIET)) {
            table(session, status).lines().forEach(session.terminal()::line);
        }
        return ExitCode.DONE;
    }

    private static Table table(Session session, ServiceStatus status) {
        Table table = new Table();
        table.row(
                head(session, "SLOT", "슬롯"),
                head(session, "TARGET", "대상"),
                head(session, "ROTATION", "트래픽"),
                head(session, "HEALTH", "상태"),
                head(session, "IN FLIGHT", "처리 중"),
                head(session, "LAST PROBE", "마지막 확인"));
        for (String slot : List.of("blue", "green")) {
            for (TargetState target : status.slot(slot).targets()) {
                table.row(
                        slot,
                        target.address(),
                        target.inRotation() ? session.say("in", "포함") : session.say("out", "제외"),
                        health(session, target, slot.equals(status.active())),
                        String.valueOf(target.inFlight()),
                        target.cause().isEmpty() ? "-" : target.cause());
            }
        }
        return table;
    }

    private static String head(Session session, String english, String korean) {
        return session.terminal().styled(Style.BOLD, session.say(english, korean));
    }

    private static String health(Session session, TargetState target, boolean isActive) {
        Style style = target.isUp() ? Style.GREEN : isActive ? Style.RED : Style.DIM;
        return session.terminal().styled(style, target.health());
    }
}
