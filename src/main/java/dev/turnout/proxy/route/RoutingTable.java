package dev.turnout.proxy.route;

import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What requests are routed by, and the one place where a request and a flip meet.
 *
 * <p>A request reads the snapshot, enters the target that it chose, and reads the snapshot again; if that has been
 * replaced in between, it leaves and chooses anew. A flip replaces the snapshot, then reads the counters. All four are
 * volatile accesses, which Java orders in one sequence (JLS 17.4.4): either the request's second read sees the flip, or
 * the flip's reading of the counter sees the request. So after {@link #publish} returns no request can arrive at a
 * target that the state left out, unless it is counted there already. Neither side ever waits for the other.
 *
 * <p>A preview may choose a target that the state leaves out, unless a drain has closed it. {@link #closeToPreviews} is
 * therefore a flip too: it closes the target, replaces the snapshot by an equal one, and only then the drain reads the
 * counter. A claim that saw the target open and reads the old snapshot again was counted before the replacement, and
 * so before the drain's reading. A claim that reads the new one leaves, chooses anew and finds the target closed.
 */
public final class RoutingTable {

    private final int loops;
    private HostTable hosts;
    private Map<String, ServiceMatch> matches;
    private final Map<Key, TargetState> upstreams = new LinkedHashMap<>();

    /** Targets that are not configured any more, as long as requests may be in flight there. */
    private final List<TargetState> leaving = new ArrayList<>();

    private final Set<String> held = new HashSet<>();

    private volatile RoutingSnapshot routes;

    private record Key(String service, Target target) {}

    /**
     * @param loops how many event loops claim targets
     * @param matches those of all services that a state may have
     */
    public RoutingTable(int loops, List<ServiceMatch> matches) {
        this.loops = loops;
        this.hosts = new HostTable(matches);
        this.matches = byService(matches);
        this.routes = new RoutingSnapshot(hosts, Map.of());
    }

    private static Map<String, ServiceMatch> byService(List<ServiceMatch> matches) {
        return matches.stream().collect(Collectors.toMap(ServiceMatch::service, Function.identity()));
    }

    /**
     * Replaces the settings. Requests are routed by the new matches, and targets have their settings, from the next
     * {@link #publish} on, so that services and their hosts change in one step. Any thread.
     *
     * @param next the matches of all services that the next state may have
     */
    public synchronized void apply(List<ServiceMatch> next) {
        hosts = new HostTable(next);
        matches = byService(next);
    }

    /** Returns the snapshot in force. */
    public RoutingSnapshot routes() {
        return routes;
    }

    /**
     * Chooses a target and counts the request in flight there, in one step against a concurrent flip. Any event loop.
     *
     * @param service the name of the service
     * @param loop the index of the calling event loop
     * @param selector who asks, and chooses
     * @return the target, which has to be left again on the same loop; null if there is none
     */
    public @Nullable TargetState claim(String service, int loop, TargetSelector selector) {
        TargetState upstream = enter(service, loop, selector);
        if (upstream != null) {
            upstream.counters().countRequest();
        }
        return upstream;
    }

    /**
     * Returns the place in the canary of a service that a request keeps which has to wait before its claim; null if there
     * is no canary. Any event loop.
     */
    public @Nullable WaitingPlace placeOf(String service, SlotAffinity affinity) {
        ServiceRoute route = routes.of(service);
        return route == null ? null : affinity.placeIn(route);
    }

    /**
     * As {@link #claim}, for the copy of a request: it is in flight at the target, and counts for nothing else.
     *
     * @return the target, which has to be left again on the same loop; null if there is none
     */
    public @Nullable TargetState enterIdle(String service, int loop, TargetSelector selector) {
        TargetState upstream = enter(service, loop, selector);
        if (upstream != null) {
            upstream.copied();
        }
        return upstream;
    }

    /**
     * As {@link #claim}, for an asset that its own slot does not have and that a drained slot may have. The drain of the target
     * does not wait for this request: it is not counted in flight.
     *
     * @param lacking the slot that does not have the asset
     * @param nanoTime now
     * @return the target, where nothing is to be left; null if there is none
     */
    public @Nullable TargetState claimDrained(String service, Slot lacking, int loop, long nanoTime) {
        ServiceRoute route = routes.of(service);
        TargetState upstream = route == null ? null : route.acrossDrain(lacking, loop, nanoTime);
        if (upstream != null) {
            upstream.counters().countRequest();
        }
        return upstream;
    }

    private @Nullable TargetState enter(String service, int loop, TargetSelector selector) {
        while (true) {
            RoutingSnapshot seen = routes;
            ServiceRoute route = seen.of(service);
            TargetState upstream = route == null ? null : selector.choose(route, loop);
            if (upstream == null) {
                return null;
            }
            upstream.enter(loop);
            if (seen == routes) {
                return upstream;
            }
            upstream.leave(loop);
        }
    }

    /** Makes a state the one that requests are routed by. Any thread. */
    public synchronized void publish(RoutingState state) {
        Map<String, ServiceRoute> byService = new HashMap<>();
        Map<Key, TargetState> configured = new LinkedHashMap<>();
        for (Service service : state.services().values()) {
            for (Slot slot : Slot.values()) {
                for (Target target : service.pool(slot).targets()) {
                    Key key = new Key(service.name(), target);
                    ServiceMatch match = match(service);
                    TargetState upstream = stateOf(key, slot, match.targets());
                    upstream.apply(match.targets());
                    upstream.speak(match.protocol());
                    upstream.connections().limit(match.connections());
                    if (match.stickiness() != null) {
                        upstream.keepSessions(match.stickiness().tag(target));
                    }
                    configured.put(key, upstream);
                }
            }
            List<TargetState> active = inRotation(service, service.active(), configured);
            List<TargetState> idle = inRotation(service, service.idle(), configured);
            List<TargetState> resting = resting(service, configured);
            ServiceRoute route =
                    new ServiceRoute(match(service), service, active, idle, resting, loops, bridgeEnd(service));
            byService.put(service.name(), held.contains(service.name()) ? route.held(true) : route);
        }
        replaceUpstreams(configured);
        RoutingSnapshot next = new RoutingSnapshot(hosts, byService);
        leaving.forEach(upstream -> upstream.setInRotation(false));
        long now = System.nanoTime();
        for (TargetState upstream : upstreams.values()) {
            boolean isIn = next.sendsTo(upstream);
            if (isIn && !upstream.isInRotation() && servedAlready(upstream)) {
                upstream.returned();
                upstream.joined(now);
            }
            if (!isIn && upstream.isInRotation()) {
                keepSessions(upstream);
            }
            upstream.setInRotation(isIn);
        }
        routes = next;
    }

    /**
     * Keeps new requests of a service until {@link #release}, under this state and the next ones. It is a flip too: after it
     * returns no request can arrive at a target, unless it is counted there already. Any thread.
     */
    public synchronized void hold(String service) {
        held.add(service);
        routes = routes.held(service, true);
    }

    /** Lets new requests of a service be claimed again. Any thread. */
    public synchronized void release(String service) {
        held.remove(service);
        routes = routes.held(service, false);
    }

    /** Returns until when assets are asked of the other slot: a flip begins that time anew. */
    private AssetBridge.End bridgeEnd(Service service) {
        ServiceRoute before = routes.of(service.name());
        long now = System.nanoTime();
        if (before == null) {
            return new AssetBridge.End(now, now);
        }
        return before.isActive(service.active())
                ? before.bridgeEnd()
                : match(service).assets().endAfter(now);
    }

    /** Returns what is known of a target. A target that comes back to its slot before it is drained is the same. */
    private TargetState stateOf(Key key, Slot slot, TargetSettings settings) {
        TargetState known = upstreams.get(key);
        if (known != null && known.slot() == slot) {
            return known;
        }
        return leaving.stream()
                .filter(left -> left.slot() == slot && new Key(left.service(), left.target()).equals(key))
                .findFirst()
                .orElseGet(() -> new TargetState(key.service(), slot, key.target(), loops, settings));
    }

    private void replaceUpstreams(Map<Key, TargetState> configured) {
        // A target that leaves just now is in the snapshot in force, and may get a request up to its replacement.
        leaving.removeIf(upstream -> configured.containsValue(upstream) || upstream.inFlight() == 0);
        upstreams.values().stream()
                .filter(upstream -> !configured.containsValue(upstream))
                .forEach(leaving::add);
        upstreams.clear();
        upstreams.putAll(configured);
    }

    /**
     * Closes the targets of a service to requests that ask for their slot. After it returns no such request can arrive
     * there, unless it is counted there already. Any thread.
     */
    public synchronized void closeToPreviews(String service, Collection<Target> targets) {
        for (Target target : targets) {
            TargetState upstream = upstreams.get(new Key(service, target));
            if (upstream != null) {
                upstream.closeToPreviews();
            }
        }
        routes = routes.renewed();
    }

    private void keepSessions(TargetState upstream) {
        ServiceMatch match = matches.get(upstream.service());
        if (match != null && match.stickiness() != null) {
            upstream.keepSessionsFor(match.stickiness().drainMillis());
        }
    }

    /** Returns the targets of the active slot that are out of rotation, if sessions are kept. */
    private List<TargetState> resting(Service service, Map<Key, TargetState> configured) {
        if (match(service).stickiness() == null) {
            return List.of();
        }
        List<Target> out = new ArrayList<>(service.pool(service.active()).targets());
        out.removeAll(service.pool(service.active()).inRotation());
        return out.stream()
                .map(target -> configured.get(new Key(service.name(), target)))
                .toList();
    }

    private static List<TargetState> inRotation(Service service, Slot slot, Map<Key, TargetState> configured) {
        List<TargetState> inRotation = new ArrayList<>();
        for (Target target : service.pool(slot).inRotation()) {
            inRotation.add(configured.get(new Key(service.name(), target)));
        }
        return inRotation;
    }

    /** Returns true if a target's slot has been serving up to now: others there are warm, and can carry more for a while. */
    private boolean servedAlready(TargetState upstream) {
        ServiceRoute before = routes.of(upstream.service());
        return before != null && before.isActive(upstream.slot());
    }

    private ServiceMatch match(Service service) {
        ServiceMatch match = matches.get(service.name());
        if (match == null) {
            throw new IllegalArgumentException("service '" + service.name() + "' is not configured");
        }
        return match;
    }

    /** Returns a target as it is configured; empty if it is not. Any thread. */
    public synchronized Optional<TargetState> upstream(String service, Target target) {
        return Optional.ofNullable(upstreams.get(new Key(service, target)));
    }

    /** Returns all targets, as they are configured. Any thread. */
    public synchronized List<TargetState> upstreams() {
        return List.copyOf(upstreams.values());
    }

    /** Returns the targets of a service, as they are configured. Any thread. */
    public List<TargetState> upstreams(String service) {
        return upstreams().stream()
                .filter(upstream -> upstream.service().equals(service))
                .toList();
    }

    /** Returns some targets of a service, configured or leaving. Any thread. */
    public synchronized List<TargetState> among(String service, Collection<Target> targets) {
        return Stream.concat(upstreams.values().stream(), leaving.stream())
                .filter(upstream -> upstream.service().equals(service) && targets.contains(upstream.target()))
                .toList();
    }
}
