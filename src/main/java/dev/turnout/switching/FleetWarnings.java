package dev.turnout.switching;

import dev.turnout.fleet.FleetStatus;
import dev.turnout.routing.Warning;
import dev.turnout.text.Language;
import dev.turnout.text.Phrase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The warnings about the fleet for an operator of this member. */
final class FleetWarnings {

    private FleetWarnings() {}

    static List<Warning> of(FleetStatus status) {
        List<Warning> warnings = new ArrayList<>();
        status.trouble().ifPresent(trouble -> warnings.add(trouble(status, trouble)));
        boolean isIn =
                status.members().stream().anyMatch(place -> place.member().equals(status.member()));
        if (status.trouble().isEmpty() && status.fleet().isPresent() && !isIn) {
            warnings.add(takenOut(status.member()));
        }
        List<String> missing = status.missing();
        if (status.trouble().isEmpty() && !missing.isEmpty()) {
            warnings.add(missing(String.join(", ", missing)));
        }
        status.services().stream()
                .filter(service -> !service.lacking().isEmpty())
                .forEach(service -> warnings.add(lacking(status, service)));
        status.apart().forEach((service, reason) -> warnings.add(apart(service, reason)));
        return warnings;
    }

    private static Warning lacking(FleetStatus status, FleetStatus.Decided service) {
        String without = String.join(", ", service.lacking());
        String with = status.members().stream()
                .map(FleetStatus.Place::member)
                .filter(member -> !service.lacking().contains(member))
                .collect(Collectors.joining(", "));
        String name = service.service();
        return new Warning(
                "fleet-service-lacking",
                "Service '" + name + "' of the fleet is configured at member " + with + ", and not at " + without
                        + ". It can't be switched until all have it. Add it at " + without + ", or remove it at " + with
                        + ": the fleet removes it when no member has it.",
                "플릿의 서비스 '" + name + "'이(가) 멤버 " + with + "에는 있고 " + without + "에는 없습니다. 모든 멤버에 있을 때까지 전환할 수 없습니다. "
                        + without + "에 추가하거나 " + with + "에서 지우십시오. 어느 멤버에도 없으면 플릿에서 지워집니다.");
    }

    private static Warning apart(String service, String reason) {
        Phrase why =
                switch (reason) {
                    case "differs" ->
                        new Phrase(
                                "the fleet has decided another active slot or other targets for it. To take over what the"
                                        + " fleet has decided, restart this member",
                                "플릿이 다른 활성 슬롯이나 다른 대상으로 결정했습니다. 플릿의 결정을 따르려면 이 멤버를 다시 시작하십시오");
                    case "retired" ->
                        new Phrase(
                                "the fleet has removed it. Remove it here too; to have it in the fleet again, add it anew then",
                                "플릿이 지운 서비스입니다. 여기에서도 지우십시오. 다시 플릿에 넣으려면 지운 뒤 새로 추가하십시오");
                    default ->
                        new Phrase(
                                "the fleet has as many services as it may have. Remove some",
                                "플릿의 서비스 수가 한도에 이르렀습니다. 일부를 지우십시오");
                };
        return new Warning(
                "fleet-service-apart",
                "Service '" + service + "' is served by this member alone, and can't be changed: "
                        + why.in(Language.ENGLISH) + ".",
                "서비스 '" + service + "'은(는) 이 멤버만 서비스하며 변경할 수 없습니다. " + why.in(Language.KOREAN) + ".");
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

    private static Warning takenOut(String member) {
        return new Warning(
                "fleet-taken-out",
                "'" + member
                        + "' is no member of the fleet: another member has taken it out, or it was stopped while it entered."
                        + " This Turnout follows what the fleet decides, and has no vote: an old answer may come after a new one."
                        + " Run turnout fleet join here to have it be a member, or turnout fleet leave to have it serve alone.",
                "'" + member
                        + "'은(는) 플릿의 멤버가 아닙니다. 다른 멤버가 뺐거나, 들어가는 도중에 멈췄습니다. 이 Turnout은 플릿의 결정을 따르지만 투표하지 않으므로, 새 응답 뒤에 이전 슬롯의 응답이"
                        + " 올 수 있습니다. 멤버로 두려면 여기에서 turnout fleet join을, 혼자 서비스하게 하려면 turnout fleet leave를"
                        + " 실행하십시오.");
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
