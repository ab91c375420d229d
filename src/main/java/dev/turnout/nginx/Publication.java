package dev.turnout.nginx;

import dev.turnout.config.CommandOutcome;
import dev.turnout.nginx.Confirmation.ReloadVerdict;
import dev.turnout.routing.Warning;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The way of a route into nginx: write → test → reload → confirm. If a step fails, the way back: the old bytes, test,
 * reload, confirm. Blocks. One publication at a time.
 */
final class Publication {

    private final IncludeFile file;
    private final NginxControl control;
    private final NginxProcesses processes;
    private final OldWorkers oldWorkers;
    private final Confirmation confirmation;

    Publication(
            IncludeFile file,
            NginxControl control,
            NginxProcesses processes,
            OldWorkers oldWorkers,
            Confirmation confirmation) {
        this.file = file;
        this.control = control;
        this.processes = processes;
        this.oldWorkers = oldWorkers;
        this.confirmation = confirmation;
    }

    /** The step that failed, in the words at the beginning of the message. */
    enum Step {
        WRITE("the include file could not be written"),
        TEST("test failed"),
        RELOAD("reload failed"),
        CONFIRM("not confirmed"),
        RESTORE("restore failed");

        private final String words;

        Step(String words) {
            this.words = words;
        }
    }

    /** The outcome of a publication. */
    sealed interface Outcome {

        /** The route is in force. The caveats say what could not be looked at, a sentence each. */
        record Done(List<Warning> caveats) implements Outcome {}

        /** The earlier route is in force, unless the step is {@link Step#RESTORE}: then the route in force is unknown. */
        record Failed(Step step, String message) implements Outcome {}
    }

    /** Replaces the content of the file and brings the content into force. */
    Outcome replace(byte[] content, Route route, Route earlier) throws InterruptedException {
        Optional<WorkerGeneration> before = processes.now();
        IncludeFile.Replacement replacement;
        try {
            replacement = file.replace(content);
        } catch (IOException e) {
            return failed(Step.WRITE, reason(e) + "; the file is untouched.");
        }
        try {
            List<Warning> caveats = bringIntoForce(route);
            replacement.keep();
            return new Outcome.Done(caveats);
        } catch (StepFailed e) {
            return restored(replacement, e, earlier, before);
        } catch (IOException e) {
            return new Outcome.Done(List.of(NginxState.unconfirmed(
                    "the copy of the old include file could not be removed: " + reason(e) + ".",
                    "이전 include 파일의 사본을 지우지 못했습니다: " + reason(e) + ".")));
        }
    }

    /** Brings the content of the file into force. There is no earlier content to go back to. */
    Outcome reload(Route route) throws InterruptedException {
        try {
            return new Outcome.Done(bringIntoForce(route));
        } catch (StepFailed e) {
            return failed(e.step, e.getMessage() + ".");
        }
    }

    private List<Warning> bringIntoForce(Route route) throws StepFailed, InterruptedException {
        CommandOutcome test = control.test();
        if (!test.succeeded()) {
            throw new StepFailed(Step.TEST, test.describe(), Reach.NOT_RELOADED);
        }
        Optional<WorkerGeneration> before = processes.now();
        oldWorkers.remember(before);
        CommandOutcome reload = control.reload();
        if (!reload.succeeded()) {
            Reach reach = reload instanceof CommandOutcome.TimedOut ? Reach.UNSURE : Reach.NOT_RELOADED;
            throw new StepFailed(Step.RELOAD, reload.describe(), reach);
        }
        ReloadVerdict verdict = confirmation.await(route, before);
        if (verdict instanceof ReloadVerdict.NotConfirmed notConfirmed) {
            throw new StepFailed(
                    Step.CONFIRM, notConfirmed.reason(), notConfirmed.loaded() ? Reach.LOADED : Reach.UNSURE);
        }
        return ((ReloadVerdict.Confirmed) verdict).caveats();
    }

    private Outcome restored(
            IncludeFile.Replacement replacement, StepFailed failed, Route earlier, Optional<WorkerGeneration> before)
            throws InterruptedException {
        try {
            replacement.undo();
        } catch (IOException e) {
            return failed(
                    Step.RESTORE,
                    failed.step.words + ": " + failed.getMessage() + "; and the previous content of " + file.path()
                            + " (" + earlier + ") could not be put back: " + reason(e)
                            + ". The file names the new target, nginx may or may not serve it: put it right by hand,"
                            + " test and reload nginx, or switch with force=true.");
        }
        try {
            bringIntoForce(earlier);
            return failed(
                    failed.step,
                    failed.getMessage()
                            + "; the previous include file is back, and nginx serves by it: tested, reloaded"
                            + " and confirmed.");
        } catch (StepFailed again) {
            String why = again.step.words
                    + (Objects.equals(again.getMessage(), failed.getMessage()) ? "" : ": " + again.getMessage());
            return surelyEarlier(failed, again, earlier, before)
                    .map(evidence -> failed(
                            failed.step,
                            failed.getMessage() + "; the previous include file is back, and " + evidence
                                    + " (going back: " + why + ")."))
                    .orElseGet(() -> failed(
                            Step.RESTORE,
                            failed.step.words + ": " + failed.getMessage() + "; the previous include file (" + earlier
                                    + ") is back, but whether nginx serves by it is not known: " + why
                                    + ". Test and reload nginx by hand, then switch with force=true."));
        }
    }

    /** Returns why the earlier route is in force although the way back failed too; empty if that is not known. */
    private Optional<String> surelyEarlier(
            StepFailed failed, StepFailed again, Route earlier, Optional<WorkerGeneration> before) {
        Optional<WorkerGeneration> now = processes.now();
        if (before.isPresent() && now.isEmpty()) {
            return Optional.of("nginx does not run any more: it will serve by that file when it is started");
        }
        if (before.isPresent() && now.get().serving().equals(before.get().serving())) {
            return Optional.of("nginx goes on with the workers, and so with the configuration, that it had before");
        }
        if (again.reach == Reach.LOADED) {
            return Optional.of("nginx has started new workers with it");
        }
        if (failed.reach == Reach.NOT_RELOADED && again.reach == Reach.NOT_RELOADED) {
            return Optional.of("nginx has not been reloaded");
        }
        if (confirmation.canAsk() && confirmation.denial(earlier).isEmpty()) {
            return Optional.of("nginx answers from where it did before");
        }
        return Optional.empty();
    }

    private static Outcome failed(Step step, String message) {
        return new Outcome.Failed(step, step.words + ": " + message);
    }

    /** Returns the reason in words: the message of some errors is only the name of the file. */
    private static String reason(IOException e) {
        return e.getCause() == null ? e.toString() : e.getMessage() + " (" + e.getCause() + ")";
    }

    /** How far a failed attempt came with nginx itself. */
    private enum Reach {
        NOT_RELOADED,
        UNSURE,
        LOADED
    }

    private static final class StepFailed extends Exception {

        private static final long serialVersionUID = 1L;

        private final Step step;
        private final Reach reach;

        StepFailed(Step step, String message, Reach reach) {
            super(message);
            this.step = step;
            this.reach = reach;
        }
    }
}
