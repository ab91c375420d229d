package dev.turnout.deployment;

import dev.turnout.client.AdminClient;
import dev.turnout.routing.VisibleText;
import dev.turnout.store.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The deployments of one service from this machine. One at a time: Turnout gives the right to deploy. One thread. */
public final class Deployments {

    /** The admin API takes no longer owner. Characters. */
    private static final int MOST_OF_OWNER = 100;

    private final DeploymentSite site;
    private final DeployRequest request;
    private final Map<String, String> environment;

    private Deployments(DeploymentSite site, DeployRequest request, Map<String, String> environment) {
        this.site = site;
        this.request = request;
        this.environment = environment;
    }

    /**
     * Opens the folder.
     *
     * @param given the folder of the command line
     * @param environment of the command
     * @throws DeploymentFailed if the folder can't be used
     */
    public static Deployments open(
            AdminClient client,
            String service,
            DeployRequest request,
            Optional<Path> given,
            Map<String, String> environment,
            Voice voice,
            Interruption interruption)
            throws DeploymentFailed {
        DeployFolder folder = DeployFolder.of(given, environment);
        try {
            folder.open();
        } catch (IOException e) {
            throw new DeploymentFailed(
                    DeploymentFailed.USAGE,
                    "the folder " + folder.root() + " can't be used: " + Reason.of(e) + ". --state names another one.",
                    "폴더 " + folder.root() + "을(를) 사용할 수 없습니다: " + Reason.of(e) + ". --state로 다른 폴더를 지정하세요.");
        }
        boolean isGiven = given.isPresent()
                || !environment.getOrDefault("TURNOUT_RUN", "").isEmpty();
        DeploymentSite site = new DeploymentSite(
                new TurnoutService(client, service, voice),
                new LocalMachine(folder, isGiven, voice),
                new Releases(folder, service),
                voice,
                interruption);
        return new Deployments(site, request, environment);
    }

    /** A step of a deployment that has the right to deploy. */
    @FunctionalInterface
    private interface Work {
        void run() throws DeploymentFailed;
    }

    private void alone(String what, Work work) throws DeploymentFailed {
        String owner = VisibleText.of(
                request.by() + ", process " + ProcessHandle.current().pid() + ": " + what, MOST_OF_OWNER);
        DeploymentLock lock = DeploymentLock.take(site.service(), owner);
        try {
            new TimedStops(site, request.limits()).stopDue();
            work.run();
        } finally {
            lock.close();
        }
    }

    /**
     * Starts a version on the idle slot, and switches.
     *
     * @param plan how clients come to the version step by step; empty for all at once
     * @param again the command that stops what was kept for a time
     */
    public void blueGreen(NewBuild build, Optional<CanaryPlan> plan, List<String> again) throws DeploymentFailed {
        DeployOrder order = build.order(environment);
        alone("deploy " + order.name(), () -> {
            ServiceView view = site.service().atRest(request.limits().change(), site.interruption());
            BlueGreen.requireNoCanary(view);
            new ReleaseKeeping(site, request).settle(view);
            warnOfFewer(view);
            TrafficShift shift = plan.<TrafficShift>map(steps -> new CanaryShift(site, request, steps))
                    .orElseGet(() -> new PlainSwitch(site, request, "switch"));
            new BlueGreen(site, request).run(order, view, shift);
            schedule(again);
        });
    }

    private void warnOfFewer(ServiceView view) {
        int next = view.targets(view.idle()).size();
        int now = view.targets(view.active()).size();
        if (next < now) {
            site.voice()
                    .say(
                            "warning: slot " + view.idle() + " has " + next + " target(s), slot " + view.active()
                                    + " has " + now + ". --strategy rolling keeps all " + now,
                            "경고: " + view.idle() + " 슬롯의 대상은 " + next + "개, " + view.active() + " 슬롯은 " + now
                                    + "개입니다. --strategy rolling은 " + now + "개를 모두 유지합니다");
        }
    }

    private void schedule(List<String> again) {
        if (request.keepOld() instanceof KeepOld.For time) {
            new TimedStops(site, request.limits()).schedule(time.time(), again);
        }
    }

    /** Sends the clients step by step to what runs on the idle slot already. Nothing is started or stopped. */
    public void canary(CanaryPlan plan) throws DeploymentFailed {
        alone("canary " + plan.text() + " %", () -> {
            ServiceView view = site.service().view();
            new CanaryShift(site, request, plan).shift(view, "", site.newVersion(request.limits()));
        });
    }

    /** Replaces the targets of the active slot one after another by a version. */
    public void rolling(NewBuild build, boolean afresh) throws DeploymentFailed {
        DeployOrder order = build.order(environment);
        alone("rolling deployment of " + order.name(), () -> {
            ServiceView view = site.service().view();
            site.machine().requireHere(view.targets(view.active()));
            site.machine().requirePlace(order.launch());
            site.machine().tellUser(order.launch());
            new ReleaseKeeping(site, request).settle(view);
            new Rolling(site, request, new VersionReplacement(site, request, order), afresh).run();
        });
    }

    /** Replaces the targets of the active slot one after another by a command. */
    public void rolling(List<String> command, boolean afresh) throws DeploymentFailed {
        Replacement replacement = new CommandReplacement(site.machine(), site.voice(), command);
        alone("rolling: " + replacement.what(), () -> {
            ServiceView view = site.service().view();
            LocalMachine.requirePorts(view.targets(view.active()));
            new Rolling(site, request, replacement, afresh).run();
        });
    }

    /**
     * Goes back to the version before.
     *
     * @param id of the release to go back to; empty for the one before
     * @param again the command that stops what was kept for a time
     */
    public void rollback(Optional<Integer> id, List<String> again) throws DeploymentFailed {
        Rollback rollback = new Rollback(site, request, environment);
        try {
            alone("rollback", () -> {
                rollback.run(id);
                schedule(again);
            });
        } catch (DeploymentFailed e) {
            // A deployment that watches its new version must not keep anybody from going back.
            if (e.code() != DeploymentFailed.BUSY || id.isPresent() || !rollback.endsWatch()) {
                throw e;
            }
        }
    }

    /** Stops old versions whose time is over. */
    public void stopDue() throws DeploymentFailed {
        site.service().atRest(request.limits().change(), site.interruption());
        alone("stop the old version", () -> {});
    }
}
