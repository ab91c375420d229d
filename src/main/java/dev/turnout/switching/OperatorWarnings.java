package dev.turnout.switching;

import dev.turnout.routing.Maintenance;
import dev.turnout.routing.RoutingWarnings;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Warning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The warnings about a service for an operator. Any thread. */
public final class OperatorWarnings {

    private final SlotHealth health;
    private final RoutingWarnings routing;
    private final Changes changes;
    private final Commit commit;
    private final Pausing pausing;
    private final Leases leases;
    private final NameFollower names;
    private final ContainerFollower containers;
    private final FleetPart fleet;

    OperatorWarnings(
            SlotHealth health,
            RoutingWarnings routing,
            Changes changes,
            Commit commit,
            Pausing pausing,
            Leases leases,
            NameFollower names,
            ContainerFollower containers,
            FleetPart fleet) {
        this.leases = leases;
        this.names = names;
        this.containers = containers;
        this.fleet = fleet;
        this.changes = changes;
        this.health = health;
        this.routing = routing;
        this.commit = commit;
        this.pausing = pausing;
    }

    /** Returns the warnings about a service; empty if all is well. */
    public List<Warning> of(Service service) {
        List<Warning> warnings = new ArrayList<>();
        if (health.isDown(service, service.active(), 1)) {
            warnings.add(down(service, health.isUp(service, service.idle())));
        }
        pausing.since(service).map(OperatorWarnings::paused).ifPresent(warnings::add);
        service.maintenance().map(OperatorWarnings::underMaintenance).ifPresent(warnings::add);
        warnings.addAll(leases.warnings(service));
        warnings.addAll(names.warnings(service));
        warnings.addAll(containers.warnings(service));
        SlotVersions.warning(service).ifPresent(warnings::add);
        fleet.status().ifPresent(status -> warnings.addAll(FleetWarnings.of(status)));
        changes.suspension().map(OperatorWarnings::suspended).ifPresent(warnings::add);
        commit.damage().map(OperatorWarnings::damaged).ifPresent(warnings::add);
        routing.drift().map(OperatorWarnings::drifted).ifPresent(warnings::add);
        warnings.addAll(routing.warnings(service.name()));
        return warnings.stream().map(Warning::visible).toList();
    }

    private static Warning down(Service service, boolean answersIdle) {
        Slot active = service.active();
        Slot idle = service.idle();
        if (service.pool(idle).targets().isEmpty()) {
            return new Warning(
                    "both-slots-down",
                    "The active slot " + active + " is down, and slot " + idle
                            + " has no targets. Start the application, or add targets that serve.",
                    "활성 슬롯 " + active + "이(가) 중단되었고 슬롯 " + idle + "에는 대상이 없습니다. 애플리케이션을 시작하거나 서비스할 대상을 추가하십시오.");
        }
        return answersIdle
                ? new Warning(
                        "active-slot-down",
                        "The active slot " + active + " is down and slot " + idle
                                + " answers. Turnout does not switch unasked: POST /admin/switch?to=" + idle + " does.",
                        "활성 슬롯 " + active + "이(가) 중단되었고 슬롯 " + idle
                                + "은(는) 응답합니다. Turnout은 요청 없이 전환하지 않습니다. POST /admin/switch?to=" + idle + "로 전환하십시오.")
                : new Warning(
                        "both-slots-down",
                        "The active slot " + active + " is down, and so is a target of slot " + idle
                                + ". Start the application, or switch back with turnout rollback.",
                        "활성 슬롯 " + active + "이(가) 중단되었고 슬롯 " + idle
                                + "의 대상도 중단되었습니다. 애플리케이션을 시작하거나 turnout rollback으로 되돌리십시오.");
    }

    private static Warning paused(Instant since) {
        return new Warning(
                "paused",
                "The service is paused since " + since
                        + ": new requests wait. turnout resume (POST /admin/resume) lets them go.",
                "서비스가 " + since + "부터 일시 중지되어 새 요청이 대기합니다. turnout resume(POST /admin/resume)으로 재개하십시오.");
    }

    private static Warning underMaintenance(Maintenance maintenance) {
        String allowed = String.join(", ", maintenance.terms().allow());
        return new Warning(
                "maintenance",
                "Maintenance is on since " + maintenance.since() + ": clients get 503"
                        + (allowed.isEmpty() ? "" : ", but those from " + allowed)
                        + ". turnout maintenance off (DELETE /admin/maintenance) ends it.",
                maintenance.since() + "부터 점검 중이라 클라이언트가 503을 받습니다"
                        + (allowed.isEmpty() ? "" : "(" + allowed + " 제외)")
                        + ". turnout maintenance off(DELETE /admin/maintenance)로 끝내십시오.");
    }

    private static Warning suspended(String why) {
        return new Warning("changes-suspended", why, "지금은 변경을 받지 않습니다: " + why);
    }

    private static Warning damaged(String damage) {
        return new Warning(
                "state-not-recorded", damage, "기록된 상태가 적용 중인 상태와 다릅니다. 트래픽은 그대로 처리됩니다. 디스크를 확인하고 다시 시도하십시오: " + damage);
    }

    private static Warning drifted(String drift) {
        return new Warning(
                "drift", drift, "트래픽이 Turnout의 기록과 다른 곳으로 갈 수 있습니다. 확인한 뒤 force=true로 변경하면 기록대로 맞춥니다: " + drift);
    }
}
