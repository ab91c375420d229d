package dev.turnout.cli;

import dev.turnout.routing.VisibleText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a recovery of the fleet's store does, or has done, in lines. */
final class FleetRecoveryText {

    private FleetRecoveryText() {}

    static List<String> lines(JsonObject recovery, Session session) {
        boolean isMade = Boolean.TRUE.equals(recovery.getValue("recovered"));
        List<String> lines = new ArrayList<>();
        lines.add(
                isMade
                        ? session.say(
                                "Recovered: etcd has what the members know, and is believed again. This holds now:",
                                "복구했습니다: etcd에 멤버가 아는 것을 알려 주었고 다시 믿습니다. 이제 유효한 것:")
                        : session.say(
                                "Nothing has changed. This is what the members know, and what would hold:",
                                "바뀐 것은 없습니다. 멤버가 아는 것, 복구하면 유효할 것:"));
        lines.addAll(services(recovery, session));
        lines.add(session.say("Asked: ", "물어본 멤버: ") + names(recovery, "asked"));
        if (!names(recovery, "without").isEmpty()) {
            lines.add(session.say("Not asked: ", "묻지 않은 멤버: ") + names(recovery, "without"));
        }
        if (isMade) {
            return lines;
        }
        String silent = names(recovery, "silent");
        String without = names(recovery, "without").replace(", ", ",");
        lines.add(
                silent.isEmpty()
                        ? session.say("Next: ", "다음: ") + "turnout fleet recover"
                                + (without.isEmpty() ? "" : " --without " + without) + " --confirm "
                                + FleetWord.text(recovery, "plan")
                        : session.say(
                                "Next: start " + silent
                                        + ", which does not answer and may know a later decision. If it is"
                                        + " dead: turnout fleet recover --without MEMBER.",
                                "다음: 응답하지 않는 " + silent + "을(를) 시작하십시오. 더 나중의 결정을 알 수 있습니다. 죽었다면"
                                        + " turnout fleet recover --without MEMBER."));
        return lines;
    }

    private static List<String> services(JsonObject recovery, Session session) {
        Table table = new Table();
        table.row(
                FleetWord.bold("SERVICE", "서비스", session),
                FleetWord.bold("ACTIVE", "활성", session),
                FleetWord.bold("DECIDED", "결정", session),
                FleetWord.bold("BECOMES", "새 리비전", session),
                FleetWord.bold("KNOWN TO", "아는 멤버", session));
        for (JsonObject service : FleetWord.objects(recovery, "services")) {
            String known = names(service, "members");
            table.row(
                    FleetWord.text(service, "service"),
                    FleetWord.text(service, "active"),
                    FleetWord.text(service, "revision"),
                    FleetWord.text(service, "next"),
                    known.isEmpty() ? "etcd" : known);
        }
        return table.lines();
    }

    private static String names(JsonObject json, String member) {
        return json.getValue(member) instanceof JsonArray names
                ? names.stream()
                        .map(name -> VisibleText.of(String.valueOf(name), 64))
                        .collect(Collectors.joining(", "))
                : "";
    }
}
