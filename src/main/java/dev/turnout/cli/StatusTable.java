package dev.turnout.cli;

import dev.turnout.client.ServiceStatus;
import dev.turnout.client.ServiceStatus.SlotStatus;
import dev.turnout.client.ServiceStatus.TargetState;
import dev.turnout.text.Counted;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The status of services for people: a line for each slot, and warnings below. */
final class StatusTable {

    private final Session session;
    private final Terminal terminal;
    private final Times times;

    StatusTable(Session session, Instant now) {
        this.session = session;
        this.terminal = session.terminal();
        this.times = new Times(session.language(), now, ZoneId.systemDefault());
    }

    /** Returns the lines of the table and what is below it. */
    List<String> lines(List<ServiceStatus> services) {
        Table table = new Table();
        table.row(
                head("SERVICE", "서비스"),
                head("SLOT", "슬롯"),
                head("STATE", "상태"),
                head("VERSION", "버전"),
                head("TARGETS", "대상"),
                head("IN FLIGHT", "처리 중"),
                head("SINCE", "시작"));
        services.forEach(service -> addRows(table, service));
        List<String> lines = new ArrayList<>(table.lines());
        services.forEach(service -> addNotes(lines, service));
        return lines;
    }

    private String head(String english, String korean) {
        return terminal.styled(Style.BOLD, session.say(english, korean));
    }

    private void addRows(Table table, ServiceStatus service) {
        for (String name : List.of("blue", "green")) {
            SlotStatus slot = service.slot(name);
            boolean isActive = name.equals(service.active());
            table.row(
                    name.equals("blue") ? service.service() : "",
                    name,
                    state(service, isActive),
                    slot.version().orElse("-"),
                    targets(slot, isActive),
                    String.valueOf(slot.inFlight()),
                    since(isActive ? service.since() : slot.deployedAt()));
        }
    }

    private String state(ServiceStatus service, boolean isActive) {
        if (isActive && service.isInMaintenance()) {
            return terminal.styled(Style.YELLOW, session.say("maintenance", "점검 중"));
        }
        if (isActive) {
            return service.paused()
                    ? terminal.styled(Style.YELLOW, session.say("paused", "일시 정지"))
                    : terminal.styled(Style.GREEN, session.say("serves", "서비스 중"));
        }
        return service.canaryWeight() > 0
                ? terminal.styled(Style.CYAN, session.say("canary ", "카나리 ") + service.canaryWeight() + " %")
                : terminal.styled(Style.DIM, session.say("idle", "대기"));
    }

    private String targets(SlotStatus slot, boolean isActive) {
        String text = slot.up() + "/" + slot.targets().size() + session.say(" up", " 정상");
        if (slot.up() == slot.targets().size()) {
            return terminal.styled(Style.GREEN, text);
        }
        return isActive ? terminal.styled(Style.RED, text) : terminal.styled(Style.DIM, text);
    }

    private String since(Optional<String> text) {
        return text.flatMap(Times::parse).map(times::since).orElse("-");
    }

    private void addNotes(List<String> lines, ServiceStatus service) {
        service.switching().ifPresent(change -> lines.add(prefix(service) + ongoing(change)));
        if (service.paused()) {
            lines.add(prefix(service)
                    + session.say(
                            Counted.of(service.held(), "request waits.", "requests wait."),
                            "요청 " + service.held() + "개가 대기 중입니다."));
        }
        for (TargetState target : service.slot(service.active()).targets()) {
            if (!target.inRotation()) {
                lines.add(prefix(service)
                        + session.say(
                                target.address() + " is out of rotation.", target.address() + "은(는) 트래픽에서 제외되었습니다."));
            }
        }
        service.warnings(session.language())
                .forEach(warning -> lines.add(terminal.styled(Style.YELLOW, prefix(service) + warning)));
    }

    private static String prefix(ServiceStatus service) {
        return service.service() + ": ";
    }

    private String ongoing(JsonObject change) {
        String since = Times.parse(String.valueOf(change.getValue("since")))
                .map(times::at)
                .orElse("-");
        String who = change.getValue("by") instanceof String by ? by : String.valueOf(change.getValue("who"));
        return session.say(
                change.getValue("what") + " is under way (" + change.getValue("step") + "), since " + since + ", by "
                        + who + ".",
                change.getValue("what") + " 진행 중 (" + change.getValue("step") + "), " + since + " 시작, 요청자 " + who
                        + ".");
    }
}
