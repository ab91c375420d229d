package dev.turnout.nginx;

import dev.turnout.config.NginxConfig.Style;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Warning;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The start in nginx mode: reads the include file, and takes over what the file says. Blocks; once only. */
final class FileAdoption {

    private final IncludeFile file;
    private final Style style;
    private final IncludeWatch watch;
    private final NginxProcesses processes;
    private final OldWorkers oldWorkers;
    private final Confirmation confirmation;
    private final LoadedCheck loadedCheck;

    FileAdoption(
            IncludeFile file,
            Style style,
            IncludeWatch watch,
            NginxProcesses processes,
            OldWorkers oldWorkers,
            Confirmation confirmation) {
        this.file = file;
        this.style = style;
        this.watch = watch;
        this.processes = processes;
        this.oldWorkers = oldWorkers;
        this.confirmation = confirmation;
        this.loadedCheck = new LoadedCheck(file, processes);
    }

    /**
     * What the start has found.
     *
     * @param service the service to go on from
     * @param nginx what is known of nginx
     * @param warnings what the operator must know, a sentence each
     */
    record Found(Service service, NginxState nginx, List<String> warnings) {}

    /**
     * Adopts the file. Changes nothing but removes what a crash has left beside the file.
     *
     * @throws IncludeRefused with a message for the operator, if the file does not say what could be gone on from
     */
    Found adopt(Optional<RoutingState> recorded, Service configured, Instant now) {
        try {
            file.sweep();
            Optional<byte[]> content = file.read();
            return content.isPresent()
                    ? adopt(content.get(), recorded.flatMap(state -> state.service(configured.name())), configured, now)
                    : adoptNothing(configured);
        } catch (IOException e) {
            throw new IncludeRefused("turnout.nginx.include=" + file.path() + " cannot be used: " + e, e);
        } catch (IncludeRefused e) {
            throw new IncludeRefused("turnout.nginx.include=" + file.path() + ": " + e.getMessage(), e);
        }
    }

    private Found adopt(byte[] content, Optional<Service> recorded, Service configured, Instant now)
            throws IOException {
        Route route = Include.read(content, style).route();
        Adoption adoption = Adoption.decide(route, recorded, configured, now);
        watch.expect(Optional.of(content), route);
        oldWorkers.rememberLeaving(processes.now());
        boolean reloadOwed = adoption.asRecorded() && !loadedCheck.surelyLoaded();
        Optional<String> doubt = reloadOwed ? Optional.empty() : doubt(route);
        List<String> warnings = new ArrayList<>(Warning.english(adoption.warnings()));
        doubt.ifPresent(warnings::add);
        return new Found(
                adoption.service(),
                NginxState.adopted(route, reloadOwed, doubt, adoption.warnings()),
                List.copyOf(warnings));
    }

    /** Returns why nginx may not serve by the file. A reload does not settle that here: nobody has asked for it. */
    private Optional<String> doubt(Route route) throws IOException {
        Optional<String> denial = confirmation.denial(route);
        if (denial.isEmpty() && loadedCheck.surelyNotLoaded()) {
            denial = Optional.of("nginx's workers are older than this file");
        }
        return denial.map(reason -> file.path() + " sends the traffic to " + route + ", but " + reason
                + ": nginx may not have loaded it. Test and reload nginx and start Turnout again, or switch with"
                + " force=true.");
    }

    private Found adoptNothing(Service configured) {
        Route route = Route.of(configured);
        watch.expect(Optional.empty(), route);
        return new Found(
                configured,
                NginxState.withoutFile(route),
                List.of(file.path() + " does not exist and is made, sending the traffic to " + route + "."));
    }
}
