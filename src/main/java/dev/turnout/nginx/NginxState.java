package dev.turnout.nginx;

import dev.turnout.routing.Warning;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known of nginx.
 *
 * @param route what nginx should serve by
 * @param reloadOwed whether nginx has to be made to read the file although the file is right
 * @param doubt why nginx may not serve by the route; empty if there is no such reason
 * @param caveats what the start or the last publication could not find out
 * @param limits what nginx does otherwise than Turnout's own data plane would, in this state
 */
record NginxState(
        Route route, boolean reloadOwed, Optional<String> doubt, List<Warning> caveats, List<Warning> limits) {

    /** Returns the state after a start that has found a file. */
    static NginxState adopted(Route route, boolean reloadOwed, Optional<String> doubt, List<Warning> caveats) {
        return new NginxState(route, reloadOwed, doubt, caveats, List.of());
    }

    /** Returns the state after a start that has found no file: nginx has not read the route yet. */
    static NginxState withoutFile(Route route) {
        return new NginxState(route, true, Optional.empty(), List.of(), List.of());
    }

    /** Returns the state after a publication that has succeeded. */
    static NginxState serving(Route route, List<Warning> caveats) {
        return new NginxState(route, false, Optional.empty(), caveats, List.of());
    }

    /** Returns what could not be found out of whether nginx serves by its state. */
    static Warning unconfirmed(String english, String korean) {
        return new Warning("not-confirmed", english, korean);
    }

    /** Returns the state after a publication that has failed, and so has the way back. */
    NginxState doubted(String reason) {
        return new NginxState(route, reloadOwed, Optional.of(reason), caveats, List.of());
    }

    /** Returns the state in which the next publication reloads nginx in any case. */
    NginxState owingReload() {
        return new NginxState(route, true, doubt, caveats, limits);
    }

    NginxState withLimits(List<Warning> next) {
        return new NginxState(route, reloadOwed, doubt, caveats, next);
    }

    /** Returns what an operator should know. */
    List<Warning> warnings() {
        return Stream.concat(caveats.stream(), limits.stream()).toList();
    }
}
