package dev.turnout.deployment;

import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminPath;
import dev.turnout.config.DaemonThread;
import dev.turnout.config.Deadline;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** One service of a running Turnout, as deployments see it. All methods block. */
final class TurnoutService {

    private static final Duration QUESTION = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN = 100;
    private static final long ASK_AGAIN = 1000;

    /** A Turnout that is restarted answers again within this time. */
    private static final Duration RESTARTS = Duration.ofSeconds(10);

    /** Who is refused since another change is being made knows it sooner. */
    private static final long BEGUN_AFTER = 1000;

    private static final String SERVICE = "service";

    private final AdminClient client;
    private final String name;
    private final Voice voice;

    TurnoutService(AdminClient client, String name, Voice voice) {
        this.client = client;
        this.name = name;
        this.voice = voice;
    }

    /** What is done beside a change. */
    @FunctionalInterface
    interface Meanwhile {

        /**
         * Called before the change is asked for, each time.
         *
         * @throws DeploymentFailed if it is not to be asked for any more
         */
        default void before() throws DeploymentFailed {}

        /** Called again and again while the change goes on: it is this change that has the service. */
        void look();
    }

    String name() {
        return name;
    }

    /** Returns where to look when an answer is lost. */
    String statusAddress() {
        return client.address() + "/admin/status";
    }

    AdminPath path(String... segments) {
        return AdminPath.of(segments).with(SERVICE, name);
    }

    ServiceView view() throws DeploymentFailed {
        JsonObject status = ask(path("admin", "status"));
        try {
            return ServiceView.of(status);
        } catch (RuntimeException e) {
            throw unexpected("its status has another form (" + e.getMessage() + ")");
        }
    }

    /**
     * Returns the service after what was done to it. Asks again for some seconds while nobody answers, and while a change
     * is under way.
     */
    ServiceView settled() throws DeploymentFailed {
        Deadline deadline = Deadline.after(RESTARTS);
        while (true) {
            try {
                ServiceView view = view();
                if (view.step().isEmpty() || deadline.isOver()) {
                    return view;
                }
            } catch (DeploymentFailed e) {
                if (deadline.isOver()) {
                    throw e;
                }
            }
            sleep(ASK_AGAIN);
        }
    }

    /**
     * Returns the service when no change is under way, or as it is when the time is over.
     *
     * @throws DeploymentFailed as {@link Interruption#check} too
     */
    ServiceView atRest(Duration patience, Interruption interruption) throws DeploymentFailed {
        Deadline deadline = Deadline.after(patience);
        ServiceView view = view();
        while (view.step().isPresent() && !deadline.isOver()) {
            tellOfOtherChange();
            interruption.pause(ASK_AGAIN);
            interruption.check();
            view = view();
        }
        return view;
    }

    private void tellOfOtherChange() {
        voice.waiting("another change is being made: waiting for its end", "다른 변경이 진행 중: 끝나기를 기다립니다");
    }

    private JsonObject ask(AdminPath path) throws DeploymentFailed {
        AdminOutcome outcome = client.call("GET", path, QUESTION);
        if (outcome instanceof AdminOutcome.Answered answered) {
            Optional<JsonObject> json = answered.json();
            if (json.isPresent()) {
                return json.get();
            }
        }
        throw noTurnout(outcome);
    }

    /** Sends a short call. */
    AdminOutcome send(String method, AdminPath path) {
        return client.call(method, path, QUESTION);
    }

    /** Sends a short call that is refused if the service's revision is another one by now. */
    AdminOutcome sendAt(long revision, String method, AdminPath path) {
        return client.callAt(revision, method, path, QUESTION);
    }

    /**
     * Makes a change, and waits for its end. While Turnout makes another change, asks again.
     *
     * @param revision that the service has to have, if any
     * @throws DeploymentFailed as {@link Meanwhile#before}
     */
    AdminOutcome change(String method, AdminPath path, OptionalLong revision, Duration patience, Meanwhile meanwhile)
            throws DeploymentFailed {
        Deadline deadline = Deadline.after(patience);
        while (true) {
            meanwhile.before();
            AdminOutcome outcome = once(method, path, revision, deadline, meanwhile);
            boolean isBusy = outcome instanceof AdminOutcome.Refused refused
                    && refused.type().equals("busy");
            if (!isBusy || deadline.isOver()) {
                return outcome;
            }
            tellOfOtherChange();
            sleep(ASK_AGAIN);
        }
    }

    private AdminOutcome once(
            String method, AdminPath path, OptionalLong revision, Deadline deadline, Meanwhile meanwhile) {
        CompletableFuture<AdminOutcome> answer = new CompletableFuture<>();
        Duration left = Duration.ofMillis(Math.max(1, deadline.leftMillis()));
        // Followed first, so that no event of the change is missed.
        Voice.Following following = voice.follow(name);
        try {
            DaemonThread.start(
                    "turnout-change",
                    () -> answer.complete(
                            revision.isPresent()
                                    ? client.callAt(revision.getAsLong(), method, path, left)
                                    : client.call(method, path, left)));
            Deadline begun = Deadline.after(Duration.ofMillis(BEGUN_AFTER));
            while (!answer.isDone()) {
                if (begun.isOver()) {
                    meanwhile.look();
                }
                sleep(LOOK_AGAIN);
            }
        } finally {
            following.close();
        }
        return answer.join();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the failure for a question that was not answered. */
    DeploymentFailed noTurnout(AdminOutcome outcome) {
        if (outcome instanceof AdminOutcome.Unreachable unreachable) {
            return new DeploymentFailed(
                    DeploymentFailed.NO_TURNOUT,
                    "Turnout can't be reached at " + client.address() + ": " + unreachable.reason()
                            + ". Is it running (systemctl status turnout)? --url names another address.",
                    client.address() + "의 Turnout에 연결할 수 없습니다: " + unreachable.reason()
                            + ". 실행 중인지 확인하세요(systemctl status turnout). 다른 주소는 --url로 지정합니다.");
        }
        if (outcome instanceof AdminOutcome.Insecure insecure) {
            return new DeploymentFailed(
                    DeploymentFailed.NO_TURNOUT,
                    "There is no secure connection to Turnout at " + client.address() + ": "
                            + insecure.reason().english() + ". "
                            + insecure.advice().english() + ".",
                    client.address() + "의 Turnout에 안전하게 연결할 수 없습니다: "
                            + insecure.reason().korean() + ". "
                            + insecure.advice().korean() + ".");
        }
        if (outcome instanceof AdminOutcome.Unauthorized unauthorized) {
            return new DeploymentFailed(
                    DeploymentFailed.NO_TURNOUT,
                    "Turnout refuses the call (401): the token is " + (unauthorized.hadToken() ? "wrong" : "missing")
                            + ". Set TURNOUT_ADMIN_TOKEN, or name a file with --token-file.",
                    "Turnout이 호출을 거부했습니다(401): 토큰이 " + (unauthorized.hadToken() ? "틀립니다" : "없습니다")
                            + ". TURNOUT_ADMIN_TOKEN을 설정하거나 --token-file로 파일을 지정하세요.");
        }
        if (outcome instanceof AdminOutcome.NotTurnout other) {
            return new DeploymentFailed(
                    DeploymentFailed.NO_TURNOUT,
                    client.address() + " is not Turnout's admin address: something else answered (" + other.seen()
                            + "). The admin address is turnout.admin.port, not the port of the site.",
                    client.address() + "은(는) Turnout의 관리 주소가 아닙니다: 다른 프로그램이 응답했습니다(" + other.seen()
                            + "). 사이트 포트가 아니라 turnout.admin.port를 사용하세요.");
        }
        if (outcome instanceof AdminOutcome.Refused refused && refused.type().equals("no-service")) {
            return new DeploymentFailed(DeploymentFailed.USAGE, refused.detail(), refused.detail());
        }
        return unexpected(reason(outcome));
    }

    private DeploymentFailed unexpected(String reason) {
        return new DeploymentFailed(
                DeploymentFailed.NO_TURNOUT,
                "Turnout at " + client.address() + " does not answer as expected: " + reason,
                client.address() + "의 Turnout이 예상과 다르게 응답했습니다: " + reason);
    }

    /** Returns what an outcome says, in a few words. */
    static String reason(AdminOutcome outcome) {
        if (outcome instanceof AdminOutcome.Refused refused) {
            return "(" + refused.status() + "): " + refused.detail();
        }
        if (outcome instanceof AdminOutcome.Lost lost) {
            return lost.reason();
        }
        if (outcome instanceof AdminOutcome.Unreachable unreachable) {
            return unreachable.reason();
        }
        if (outcome instanceof AdminOutcome.NotTurnout other) {
            return other.seen();
        }
        if (outcome instanceof AdminOutcome.Insecure insecure) {
            return insecure.reason().english();
        }
        return outcome instanceof AdminOutcome.Unauthorized ? "(401)" : "no JSON";
    }
}
