package dev.turnout.switching;

import dev.turnout.routing.RehearsalControl;
import dev.turnout.routing.RehearsalFigures;
import dev.turnout.routing.Service;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The rehearsal of services, as operators see it. It changes nothing for clients, so it takes no lock, has no revision, and
 * is not saved: after a restart the configured share holds, and the counts begin anew. Any thread.
 */
public final class Rehearsing {

    private static final Logger LOG = Logger.getLogger(Rehearsing.class);

    private final RehearsalControl control;
    private final Function<String, RehearsalGate> gates;
    private final CurrentState current;
    private final Announcer announcer;

    Rehearsing(
            RehearsalControl control,
            Function<String, RehearsalGate> gates,
            CurrentState current,
            Announcer announcer) {
        this.control = control;
        this.gates = gates;
        this.current = current;
        this.announcer = announcer;
    }

    /** Returns what is known of the rehearsal of a service. */
    public RehearsalReport look(Service service) {
        int needed = Math.max(1, gates.apply(service.name()).requests());
        RehearsalFigures figures = control.figures(service.name());
        RehearsalJudgement judgement =
                figures.pairs() < needed ? RehearsalJudgement.tooFew(figures, needed) : RehearsalJudgement.of(figures);
        return new RehearsalReport(
                service.active(), figures, gates.apply(service.name()).requests(), judgement);
    }

    /**
     * Copies a share of the safe requests from now on, and counts anew.
     *
     * @param percent above 0, up to 100
     * @throws ChangeRefused if there is no such service, or what carries the traffic can copy no request
     */
    public RehearsalReport begin(String service, double percent, ChangeNote note) {
        Service now = current.service(service);
        if (!control.isPossible()) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.UNSUPPORTED,
                    "Requests are not copied, since nginx carries them: turnout.mode=proxy does. Nothing was done.");
        }
        control.begin(service, percent);
        return told(now, "rehearsal " + number(percent) + " %", note);
    }

    /**
     * Copies no request from now on.
     *
     * @throws ChangeRefused if there is no such service
     */
    public RehearsalReport end(String service, ChangeNote note) {
        Service now = current.service(service);
        control.end(service);
        return told(now, "rehearsal off", note);
    }

    private RehearsalReport told(Service service, String what, ChangeNote note) {
        LOG.infof("Service '%s': %s, asked for by %s", service.name(), what, note.asker());
        RehearsalReport report = look(service);
        announcer.announce(ChangeEvent.rehearsal(service.name(), what, report));
        return report;
    }

    private static String number(double percent) {
        return percent == Math.rint(percent) ? String.valueOf((long) percent) : String.valueOf(percent);
    }
}
