package dev.turnout.cli;

import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminPath;
import dev.turnout.client.ServiceStatus;
import dev.turnout.client.ServiceStatus.SlotStatus;
import dev.turnout.client.ServiceStatus.TargetState;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.text.Phrase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The word {@code targets}: lists them, or changes those of a slot by {@link TargetsChange}. */
final class TargetsWord implements Word {

    private static final List<String> SLOTS = List.of("blue", "green");

    @Override
    public String word() {
        return "targets";
    }

    @Override
    public Phrase summary() {
        return new Phrase("List the targets of both slots, or change them", "두 슬롯의 대상을 보여 주거나 바꿉니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(
                new Phrase(
                        "'targets set', 'add' and 'remove' change which targets a slot has, without an edit of the"
                                + " configuration. What they say holds over restarts, until 'targets reset', or until the"
                                + " configuration names other targets for the slot.",
                        "'targets set', 'add', 'remove'는 설정을 고치지 않고 슬롯의 대상을 바꿉니다. 재시작 뒤에도 유지되며, 'targets"
                                + " reset'을 실행하거나 설정에서 그 슬롯의 대상이 바뀌면 끝납니다."),
                new Phrase(
                        "A target that comes to a slot with traffic is checked first. A target that leaves gets no new"
                                + " requests, and the command waits until its requests have ended.",
                        "트래픽을 받는 슬롯에 추가된 대상은 먼저 상태를 확인합니다. 제거된 대상은 새 요청을 받지 않으며, 처리 중인 요청이 끝날" + " 때까지 명령이 기다립니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "turnout targets --service shop",
                        new Phrase("lists the targets of one service", "한 서비스의 대상을 보여 줍니다")),
                new Example(
                        "turnout targets set green 10.0.0.7:8080 10.0.0.8:8080",
                        new Phrase("gives a slot these targets, and no others", "슬롯의 대상을 이것들로 바꿉니다")),
                new Example(
                        "turnout targets set green 10.0.0.7:8080 --dry-run",
                        new Phrase("says what would happen, and changes nothing", "무엇이 바뀔지만 알려 줍니다")),
                new Example(
                        "turnout targets add blue 10.0.0.9:8080",
                        new Phrase("gives a slot one more target", "슬롯에 대상 하나를 추가합니다")),
                new Example(
                        "turnout targets reset green",
                        new Phrase("gives a slot the configured targets back", "슬롯의 대상을 설정대로 되돌립니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.parameter(
                        "ACTION",
                        false,
                        new Phrase("change the targets of a slot", "슬롯의 대상을 바꿉니다"),
                        TargetsChange.words())
                .parameter("SLOT", false, new Phrase("the slot", "슬롯"), "blue", "green")
                .parameters(
                        "TARGET",
                        new Phrase(
                                "targets, as host:port, https://host:port or unix:/path",
                                "host:port, https://host:port, unix:/path 형식의 대상"))
                .option(
                        "TIME",
                        new Phrase(
                                "remove the added target unless it is added again within this time",
                                "추가한 대상을 이 시간 안에 다시 추가하지 않으면 제거합니다"),
                        ChangeOptions.TTL)
                .flag(ChangeOptions.CHECK_ONLY, ChangeOptions.DRY_RUN)
                .flag(
                        new Phrase(
                                "without the health check, and even if nothing serves then",
                                "상태 확인 없이, 서비스할 대상이 없어지더라도 바꿉니다"),
                        ChangeOptions.FORCE);
        ChangeOptions.any(spec);
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        Optional<String> action = Session.parameter(given, 0);
        return action.isPresent() ? TargetsChange.run(action.get(), given, session) : list(given, session);
    }

    private static ExitCode list(ParseResult given, Session session) throws WordFailed {
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
            SLOTS.forEach(slot -> source(session, status.slot(slot)));
        }
        return ExitCode.DONE;
    }

    /** Says which targets the configuration names, if others were given at run time. */
    private static void source(Session session, SlotStatus slot) {
        if (!slot.configured().isEmpty()) {
            String configured = String.join(", ", slot.configured());
            session.terminal()
                    .line(session.say(
                            "The targets of " + slot.name() + " were given at run time; configured are " + configured
                                    + " (turnout targets reset " + slot.name() + ").",
                            slot.name() + " 슬롯의 대상은 실행 중에 지정되었습니다. 설정에는 " + configured + "이(가) 있습니다 (turnout targets"
                                    + " reset " + slot.name() + ")."));
        }
    }

    private static Table table(Session session, ServiceStatus status) {
        boolean hasSessions = SLOTS.stream()
                .flatMap(slot -> status.slot(slot).targets().stream())
                .anyMatch(target -> target.sessions() > 0);
        Optional<String> sessions = Optional.of(head(session, "SESSIONS", "세션")).filter(head -> hasSessions);
        Table table = new Table();
        table.row(cells(
                sessions,
                head(session, "SLOT", "슬롯"),
                head(session, "TARGET", "대상"),
                head(session, "ROTATION", "트래픽"),
                head(session, "HEALTH", "상태"),
                head(session, "IN FLIGHT", "처리 중"),
                head(session, "LAST PROBE", "마지막 확인")));
        for (String slot : SLOTS) {
            for (TargetState target : status.slot(slot).targets()) {
                table.row(cells(
                        sessions.map(head -> String.valueOf(target.sessions())),
                        slot,
                        target.address(),
                        target.inRotation() ? session.say("in", "포함") : session.say("out", "제외"),
                        health(session, target, slot.equals(status.active())),
                        String.valueOf(target.inFlight()),
                        target.cause().isEmpty() ? "-" : target.cause()));
            }
        }
        return table;
    }

    /** Returns the cells of a row, with that of sessions before the last cell if the table has the column. */
    private static String[] cells(Optional<String> sessions, String... others) {
        List<String> cells = new ArrayList<>(List.of(others));
        sessions.ifPresent(cell -> cells.add(others.length - 1, cell));
        return cells.toArray(String[]::new);
    }

    private static String head(Session session, String english, String korean) {
        return session.terminal().styled(Style.BOLD, session.say(english, korean));
    }

    private static String health(Session session, TargetState target, boolean isActive) {
        Style style = target.isUp() ? Style.GREEN : isActive ? Style.RED : Style.DIM;
        return session.terminal().styled(style, target.health());
    }
}
