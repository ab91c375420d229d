package dev.turnout.switching;

import dev.turnout.fleet.FleetStatus;
import dev.turnout.routing.Warning;
import java.util.ArrayList;
import java.util.List;

/** The warnings about the fleet for an operator of this member. */
final class FleetWarnings {

    private FleetWarnings() {}

    static List<Warning> of(FleetStatus status) {
        List<Warning> warnings = new ArrayList<>();
        status.trouble().ifPresent(trouble -> warnings.add(trouble(status, trouble)));
        List<String> missing = status.missing();
        if (status.trouble().isEmpty() && !missing.isEmpty()) {
            warnings.add(missing(String.join(", ", missing)));
        }
        return warnings;
    }

    private static Warning trouble(FleetStatus status, FleetStatus.Problem trouble) {
        String since = status.since().map(Object::toString).orElse("the start");
        String korean = status.since().map(Object::toString).orElse("시작");
        String stop = trouble.text().endsWith(".") ? "" : ".";
        return new Warning(
                "fleet-trouble",
                "Changes of the fleet are refused since " + since + ", and the traffic goes on: " + trouble.text()
                        + stop,
                korean + "부터 플릿의 변경을 거절합니다. 트래픽은 그대로 처리됩니다: " + trouble.korean());
    }

    private static Warning missing(String members) {
        return new Warning(
                "fleet-member-missing",
                "Member " + members
                        + " of the fleet is not here: switches are refused. Start it. If its machine is dead,"
                        + " turnout fleet leave " + members + " takes it out.",
                "플릿의 멤버 " + members + "이(가) 없어 전환을 거절합니다. 시작하십시오. 서버가 죽었다면 turnout fleet leave " + members + "로 빼십시오.");
    }
}
