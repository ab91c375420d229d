package dev.turnout.nginx;

import dev.turnout.routing.Canary;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Warning;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The state to start with, from the include file and the recorded state. Where the two disagree the file wins, since
 * nginx serves by the file. To overrule the file would change the serving version, and nobody has asked for that.
 *
 * @param service the state to go on from
 * @param asRecorded whether the file says what was recorded, so that a reload at most finishes what was begun
 * @param warnings for log, journal and status; a sentence each
 */
record Adoption(Service service, boolean asRecorded, List<Warning> warnings) {

    /**
     * Decides which state to start with.
     *
     * @param route what the file says
     * @param recorded the state as it was saved; empty if there is none
     * @param configured the recorded state with the targets that are configured now, or the state of a first start
     * @throws IncludeRefused if the file's targets are not those of one slot
     */
    static Adoption decide(Route route, Optional<Service> recorded, Service configured, Instant now) {
        boolean expected = recorded.map(Route::of).filter(route::sendsLike).isPresent()
                || Route.of(configured).sendsLike(route);
        if (expected && !configured.paused() && configured.maintenance().isEmpty()) {
            return new Adoption(configured, recorded.isPresent(), List.of());
        }
        Slot active = activeSlot(route, configured);
        Service service = adopted(route, active, recorded, configured, now);
        return new Adoption(service, false, warnings(route, recorded, service));
    }

    private static Slot activeSlot(Route route, Service configured) {
        Set<Target> strangers = new TreeSet<>(route.serving());
        configured.blue().targets().forEach(strangers::remove);
        configured.green().targets().forEach(strangers::remove);
        if (!strangers.isEmpty()) {
            throw new IncludeRefused("it sends traffic to " + join(strangers) + ", which is configured for neither slot"
                    + " (turnout.blue=" + join(configured.blue().targets()) + ", turnout.green="
                    + join(configured.green().targets()) + "): correct these keys, or the file");
        }
        double blue = route.shareOf(configured.blue().targets());
        double green = route.shareOf(configured.green().targets());
        if (blue == green) {
            throw new IncludeRefused("it sends the same share of the traffic to both slots (" + route
                    + "), so which one is active cannot be told: take the targets of one slot out of it");
        }
        return blue > green ? Slot.BLUE : Slot.GREEN;
    }

    private static Service adopted(
            Route route, Slot active, Optional<Service> recorded, Service configured, Instant now) {
        Pool idle = configured.pool(active.other());
        int canary = (int) Math.round(100 * route.shareOf(idle.targets()));
        Pool activePool = pool(configured.pool(active), route);
        Pool idlePool = canary == 0 ? idle.whole() : pool(idle, route);
        return new Service(
                configured.name(),
                active,
                previous(active, recorded),
                active == Slot.BLUE ? activePool : idlePool,
                active == Slot.BLUE ? idlePool : activePool,
                canary == 0 ? Optional.empty() : Optional.of(new Canary(canary, key(recorded))),
                false,
                Optional.empty(),
                recorded.isPresent() ? configured.revision() + 1 : configured.revision(),
                now,
                "adopted from nginx's include file",
                configured.releases());
    }

    /** Returns the recorded key, or a new key: nginx uses no cookies, so any key will do. */
    private static String key(Optional<Service> recorded) {
        return recorded.flatMap(Service::canary)
                .map(Canary::key)
                .orElseGet(() -> UUID.randomUUID().toString().replace("-", ""));
    }

    /** Returns the slot to roll back to; empty if the switch never reached nginx, or was taken back by hand. */
    private static Optional<Slot> previous(Slot active, Optional<Service> recorded) {
        boolean changed = recorded.isPresent() && recorded.get().active() != active;
        if (!changed) {
            return recorded.flatMap(Service::previous);
        }
        boolean takenBack = recorded.get().previous().equals(Optional.of(active));
        return takenBack ? Optional.empty() : Optional.of(active.other());
    }

    private static Pool pool(Pool configured, Route route) {
        return configured.withOut(configured.targets().stream()
                .filter(target -> !route.serving().contains(target))
                .collect(Collectors.toUnmodifiableSet()));
    }

    private static List<Warning> warnings(Route route, Optional<Service> recorded, Service service) {
        if (recorded.isEmpty()) {
            return List.of();
        }
        Service before = recorded.get();
        return List.of(new Warning(
                "other-route-adopted",
                "nginx's include file sends the traffic to " + route + " (slot " + service.active()
                        + "), but what was recorded is " + Route.of(before) + " (slot " + before.active()
                        + (before.paused() ? ", paused" : "")
                        + (before.maintenance().isPresent() ? ", under maintenance" : "")
                        + "). The file's word is taken, since nginx serves by it. If that is not wanted: POST"
                        + " /admin/switch?to=" + service.idle() + ".",
                "nginx의 include 파일은 트래픽을 " + route + "(슬롯 " + service.active() + ")로 보내지만 기록은 "
                        + Route.of(before) + "(슬롯 " + before.active() + (before.paused() ? ", 일시 중지" : "")
                        + (before.maintenance().isPresent() ? ", 점검 중" : "")
                        + ")입니다. nginx가 파일대로 처리하므로 파일을 따릅니다. 원하지 않으면 POST /admin/switch?to="
                        + service.idle() + "을(를) 호출하십시오."));
    }

    private static String join(Collection<Target> targets) {
        return targets.stream().map(Target::toString).collect(Collectors.joining(","));
    }
}
