package dev.turnout.nginx;

import dev.turnout.config.NginxConfig.Style;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetScheme;
import dev.turnout.routing.Warning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What nginx can route, and what nginx routes otherwise than Turnout's own data plane would.
 *
 * @param style of the include file
 */
record RoutingLimits(Style style) {

    /**
     * Checks the configured targets of a service.
     *
     * @throws IncludeRefused if the style has no place for them
     */
    void check(Service configured) {
        Stream.concat(crowded(configured), unspeakable(configured)).findFirst().ifPresent(objection -> {
            throw new IncludeRefused(objection);
        });
    }

    /** Returns why nginx cannot route a service in such a state, and the way out; empty if nginx can. */
    Optional<String> objection(Service next) {
        if (next.paused()) {
            return Optional.of("nginx cannot hold requests: to pause takes turnout.mode=proxy.");
        }
        if (next.pool(next.active()).targets().isEmpty()) {
            return Optional.of("nginx takes no upstream without a server, and this would leave slot " + next.active()
                    + " without a target: give it another one first.");
        }
        if (next.maintenance().isPresent()) {
            return Optional.of("nginx answers the clients itself, so Turnout cannot answer them with a page of"
                    + " maintenance: maintenance takes turnout.mode=proxy, or a 'return 503;' in nginx's own site.");
        }
        Optional<String> unspeakable = unspeakable(next).findFirst();
        if (unspeakable.isPresent() || style == Style.UPSTREAM) {
            return unspeakable;
        }
        if (next.canaryWeight() > 0) {
            return Optional.of(
                    "turnout.nginx.style=variable names one target and cannot share the traffic out: a canary"
                            + " takes turnout.nginx.style=upstream or turnout.mode=proxy.");
        }
        int serving = next.pool(next.active()).inRotation().size();
        if (serving != 1) {
            return Optional.of("turnout.nginx.style=variable names exactly one target, and this would leave " + serving
                    + " in rotation: use turnout.nginx.style=upstream or turnout.mode=proxy.");
        }
        return crowded(next).findFirst();
    }

    /** Returns a sentence for each slot that has more targets than a style has places. */
    private Stream<String> crowded(Service service) {
        return Stream.of(Slot.values())
                .filter(slot ->
                        style == Style.VARIABLE && service.pool(slot).targets().size() > 1)
                .map(slot -> "turnout.nginx.style=variable names one target, but slot " + slot + " has "
                        + service.pool(slot).targets() + ": use turnout.nginx.style=upstream");
    }

    /** Returns a sentence for each target that nginx cannot be told by its include file. */
    private Stream<String> unspeakable(Service service) {
        return Stream.of(Slot.values())
                .map(service::pool)
                .flatMap(pool -> Stream.concat(pool.names().stream(), pool.targets().stream()))
                .flatMap(target -> objection(target).stream());
    }

    private Optional<String> objection(Target target) {
        if (target.isName()) {
            return Optional.of("nginx speaks to the targets itself, and " + target
                    + " is looked up in turnout.mode=proxy only:" + " give targets as host:port.");
        }
        if (target.isUnix()) {
            return style == Style.VARIABLE
                    ? Optional.of(target + " has no place in turnout.nginx.style=variable: use"
                            + " turnout.nginx.style=upstream.")
                    : Optional.empty();
        }
        return target.scheme() == TargetScheme.OF_SERVICE
                ? Optional.empty()
                : Optional.of("nginx speaks to the targets itself, and its include file has no scheme: give "
                        + target.address() + " in the place of " + target + ", and write the scheme into nginx' own"
                        + " proxy_pass.");
    }

    /** Returns what an operator should know of a state that nginx routes, a sentence each. */
    List<Warning> warnings(Service service) {
        List<Warning> warnings = new ArrayList<>();
        if (service.canaryWeight() > 0) {
            warnings.add(new Warning(
                    "canary-by-request",
                    "nginx shares the canary out by request, not by client: one client may see both versions.",
                    "nginx는 카나리를 클라이언트가 아니라 요청 단위로 나눕니다. 한 클라이언트가 두 버전을 모두 볼 수 있습니다."));
        }
        if (service.pool(service.active()).inRotation().isEmpty()) {
            warnings.add(new Warning(
                    "nobody-in-rotation",
                    "every target of slot " + service.active() + " is out of rotation: nginx answers 502.",
                    "슬롯 " + service.active() + "의 모든 대상이 트래픽에서 제외되어 nginx가 502로 응답합니다."));
        }
        return List.copyOf(warnings);
    }
}
