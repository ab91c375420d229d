package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Ports;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code turnout deploy}, {@code releases} and {@code rollback} with two targets in each slot. Most tests deploy an
 * application that starts in a moment.
 */
final class DeployCommandIT {

    /** How long Spring Boot may take to start while other tests run. */
    private static final Duration START = Await.LONG_PATIENCE;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder;

    private final List<DeployScript> commands = new ArrayList<>();
    private final List<Process> others = new ArrayList<>();
    private List<Integer> blue;
    private List<Integer> green;
    private TurnoutProcess turnout;

    @BeforeEach
    void startTurnout() {
        blue = List.of(Ports.next(), Ports.next());
        green = List.of(Ports.next(), Ports.next());
        turnout = start("10s");
    }

    private TurnoutProcess start(String deadline) {
        return TurnoutProcess.with()
                .set("turnout.blue", addresses(blue))
                .set("turnout.green", addresses(green))
                .set("turnout.health.path", "/")
                .set("turnout.health.timeout", "1s")
                .set("turnout.health.deadline", deadline)
                .set("turnout.drain.timeout", "10m")
                .start();
    }

    @AfterEach
    void stopEverything() throws IOException {
        commands.forEach(DeployScript::close);
        others.forEach(Process::destroyForcibly);
        turnout.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.toString().endsWith(".pid"))
                    .flatMap(file -> process(file).stream())
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void starts_all_targets_of_the_idle_slot_and_stops_all_of_the_old_one() {
        succeed(deploy("one"));
        assertThat(versions(green)).containsExactly("one", "one");
        List<ProcessHandle> old = instances(green);

        DeployScript second = succeed(deploy("two"));

        assertThat(second.output().contains("the application will run as root"))
                .isEqualTo(System.getProperty("user.name").equals("root"));
        assertThat(versions(blue)).containsExactly("two", "two");
        assertThat(served()).isEqualTo("two");
        Await.until("the end of the old processes", () -> old.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(second.output()).contains("to go back to one: turnout rollback");
        JsonObject slot = turnout.admin().status().getJsonObject("slots").getJsonObject("blue");
        assertThat(slot.getString("version")).isEqualTo("two");
        assertThat(slot.getString("deployedBy")).isEqualTo("minji");
    }

    @Test
    void it_does_not_matter_in_which_folder_the_command_is_run() throws IOException {
        for (String version : List.of("one", "two", "three")) {
            Path here = Files.createDirectory(folder.resolve("folder " + version));
            succeed(run(here, deployment(version)));
            assertThat(here).isEmptyDirectory();
        }

        assertThat(served()).isEqualTo("three");
        assertThat(instances(blue)).isEmpty();
        assertThat(instances(green)).hasSize(2);
    }

    @Test
    void of_two_deployments_at_once_the_second_is_told_who_deploys() {
        DeployScript first = deploy("one");
        first.awaitLine("started process");

        DeployScript second = deploy("two");

        assertThat(second.exitCode()).as(second.output()).isEqualTo(4);
        assertThat(second.output()).contains("another deployment is running: minji, process ");
        succeed(first);
        assertThat(served()).isEqualTo("one");
    }

    @Test
    void a_rollback_starts_the_release_before_if_it_was_stopped() {
        succeed(deploy("one"));
        succeed(deploy("two"));

        DeployScript rollback = succeed(command("rollback", "--by", "night shift"));

        assertThat(rollback.output()).contains("starting release 1, one");
        assertThat(served()).isEqualTo("one");
        assertThat(instances(blue)).isEmpty();

        succeed(command("rollback", "--to-release", "2"));
        assertThat(served()).isEqualTo("two");
        JsonObject releases =
                new JsonObject(succeed(command("releases", "--json")).output());
        assertThat(releases.getJsonArray("releases").stream()
                        .map(JsonObject.class::cast)
                        .map(release -> release.getInteger("release") + " " + release.getString("version") + " "
                                + release.getString("slot") + " " + release.getString("by")))
                .containsExactly("2 two blue minji", "1 one green minji");
    }

    @Test
    void a_rollback_to_a_version_that_was_kept_is_instant() {
        succeed(deploy("one"));
        List<ProcessHandle> old = instances(green);
        succeed(deploy("two", "--keep-old", "10m"));
        assertThat(old).allMatch(ProcessHandle::isAlive);

        DeployScript rollback = succeed(command("rollback", "--keep-old"));

        assertThat(rollback.output()).contains("still runs at").doesNotContain("started");
        assertThat(served()).isEqualTo("one");
        assertThat(old).allMatch(ProcessHandle::isAlive);
        assertThat(instances(blue)).hasSize(2);
    }

    /** What was never switched to is no version before. */
    @Test
    void a_rollback_after_a_killed_deployment_starts_the_release_before() throws IOException {
        succeed(deploy("one"));
        succeed(deploy("two"));
        DeployScript killed = command(deployment("three", "503"));
        killed.awaitLine("503");
        killed.close();
        turnout.kill9();
        turnout = turnout.restart();
        assertThat(instances(green)).hasSize(2);

        DeployScript rollback = succeed(command("rollback"));

        assertThat(rollback.output()).contains("starting release 1, one").doesNotContain("still runs at");
        assertThat(served()).isEqualTo("one");
    }

    @Test
    void a_rollback_starts_a_version_whose_deployment_was_killed_after_the_switch() throws IOException {
        killedAfterTheSwitchToTwo();
        succeed(deploy("three"));

        DeployScript rollback = succeed(command("rollback"));

        assertThat(rollback.output()).contains("starting release 3, two");
        assertThat(served()).isEqualTo("two");
    }

    @Test
    void a_rollback_names_a_version_whose_deployment_was_killed_after_the_switch() throws IOException {
        killedAfterTheSwitchToTwo();
        succeed(deploy("three", "--keep-old"));

        DeployScript rollback = succeed(command("rollback"));

        assertThat(rollback.output()).contains("still runs at");
        assertThat(served()).isEqualTo("two");
        JsonObject slot = turnout.admin().status().getJsonObject("slots").getJsonObject("green");
        assertThat(slot.getString("version")).isEqualTo("two");
    }

    /** Kills a deployment of version two to slot green, which had version zero, while Turnout drains version one. */
    private void killedAfterTheSwitchToTwo() throws IOException {
        succeed(deploy("zero"));
        succeed(deploy("one"));
        hold();
        DeployScript killed = deploy("two");
        awaitActive("green");
        killed.close();
        JsonObject releases =
                new JsonObject(succeed(command("releases", "--json")).output());
        assertThat(releases.getJsonArray("releases").getJsonObject(1).getValue("slot"))
                .isNull();
        // The right to deploy ends with the process.
        turnout.kill9();
        turnout = turnout.restart();
    }

    @Test
    void a_rollback_after_a_rolling_deployment_goes_back_to_what_it_replaced() {
        succeed(deploy("one"));
        succeed(deploy("two"));
        succeed(deploy("three", "--strategy", "rolling"));

        DeployScript rollback = succeed(command("rollback"));

        assertThat(rollback.output()).contains("starting release 2, two");
        assertThat(served()).isEqualTo("two");
    }

    @Test
    void a_version_that_was_kept_for_a_time_is_stopped_after_the_command_has_ended() {
        succeed(deploy("one"));
        List<ProcessHandle> old = instances(green);

        DeployScript second = succeed(deploy("two", "--keep-old=1s"));

        assertThat(second.output()).contains("is left running");
        Await.until("the end of the old processes", () -> old.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(served()).isEqualTo("two");
    }

    @Test
    void there_is_nothing_to_go_back_to_after_the_first_deployment() {
        succeed(deploy("one"));

        DeployScript rollback = command("rollback");

        assertThat(rollback.exitCode()).as(rollback.output()).isEqualTo(1);
        assertThat(rollback.output()).contains("there is nothing to go back to");
        assertThat(served()).isEqualTo("one");
    }

    @Test
    void a_version_that_answers_404_is_refused_with_the_key_that_names_the_path() {
        turnout.close();
        turnout = start("6s");
        succeed(deploy("one"));

        DeployScript broken = command(deployment("two", "404"));

        assertThat(broken.exitCode()).as(broken.output()).isEqualTo(1);
        assertThat(broken.output()).contains("404", "turnout.health.path", "serves as before");
        assertThat(served()).isEqualTo("one");
        assertThat(instances(blue)).isEmpty();
    }

    @Test
    void a_version_that_ends_in_the_gate_fails_at_once() {
        turnout.close();
        turnout = start("100s");
        succeed(deploy("one"));
        long begin = System.nanoTime();

        DeployScript broken = command(deployment("two", "ends"));

        assertThat(broken.exitCode()).as(broken.output()).isEqualTo(1);
        assertThat(broken.output()).contains("this version ends itself", "serves as before");
        assertThat((System.nanoTime() - begin) / 1_000_000_000).isLessThan(30);
        assertThat(served()).isEqualTo("one");
    }

    @Test
    void ctrl_c_in_the_gate_cancels_the_switch_and_stops_the_new_version() {
        turnout.close();
        turnout = start("100s");
        succeed(deploy("one"));
        DeployScript broken = command(deployment("two", "503"));
        broken.awaitLine("503");

        broken.interrupt();

        assertThat(broken.exitCode()).as(broken.output()).isEqualTo(130);
        assertThat(broken.output()).contains("the switch is cancelled", "serves as before");
        assertThat(instances(blue)).isEmpty();
        assertThat(turnout.admin().status().getValue("switching")).isNull();
        assertThat(served()).isEqualTo("one");
    }

    @Test
    void ctrl_c_in_the_gate_of_a_promotion_takes_everybody_back() throws IOException {
        turnout.close();
        turnout = start("100s");
        succeed(deploy("one"));
        Path sick = folder.resolve("sick");
        DeployScript canary = run(
                folder, deploymentOf(sick.toString(), "two", "--strategy", "canary", "--steps", "10", "--wait", "0"));
        canary.awaitLine("send 10 % of the clients");
        canary.answer("y");
        canary.awaitLine("send all clients to slot");
        Files.createFile(sick);
        canary.answer("y");
        canary.awaitLine("503");

        canary.interrupt();

        assertThat(canary.exitCode()).as(canary.output()).isEqualTo(130);
        assertThat(canary.output()).contains("the switch is cancelled", "slot green serves all clients");
        assertThat(instances(blue)).isEmpty();
        assertThat(turnout.admin().status().getValue("switching")).isNull();
        assertThat(served()).isEqualTo("one");
    }

    @Test
    void a_canary_that_ends_while_it_is_promoted_is_switched_back() throws IOException {
        succeed(deploy("one"));
        List<ProcessHandle> old = instances(green);
        RawClient held = hold();
        DeployScript canary = deploy("two", "--strategy", "canary", "--steps", "50", "--wait", "0", "--yes");
        awaitActive("blue");

        List<ProcessHandle> two = instances(blue);
        two.forEach(ProcessHandle::destroyForcibly);
        Await.until("the end of the new version", () -> two.stream().noneMatch(ProcessHandle::isAlive));
        held.close();

        assertThat(canary.exitCode()).as(canary.output()).isEqualTo(1);
        assertThat(canary.output()).contains("the new version ended right after the switch; slot green serves again");
        assertThat(old).hasSize(2).allMatch(ProcessHandle::isAlive);
        assertThat(served()).isEqualTo("one");
    }

    @Test
    void ctrl_c_in_the_watch_leaves_the_rollback_that_somebody_else_makes() throws IOException {
        turnout.close();
        turnout = start("100s");
        Path sick = folder.resolve("sick");
        succeed(command(deployment("one", sick.toString())));
        DeployScript watched = deploy("two", "--watch", "10m");
        awaitStep("watch");
        Files.createFile(sick);
        CompletableFuture<Admin.Answer> rollback = turnout.admin().postAsync("/admin/rollback");
        awaitStep("gate");

        watched.interrupt();
        watched.awaitLine("the switch can't be cancelled any more");
        Files.delete(sick);

        assertThat(rollback.join().status()).isEqualTo(200);
        assertThat(watched.exitCode()).as(watched.output()).isNotZero();
        assertThat(served()).isEqualTo("one");
    }

    private void awaitStep(String step) {
        Await.until(() -> "the step '" + step + "'", START, () -> Optional.ofNullable(
                        turnout.admin().status().getJsonObject("switching"))
                .filter(change -> change.getString("step").equals(step))
                .isPresent());
    }

    /** Sends a request to the slot that serves. The request is in flight until the result is closed. */
    private RawClient hold() throws IOException {
        String slot = turnout.admin().active();
        RawClient client = RawClient.to(turnout.front());
        client.get(LightApp.HELD);
        Await.until("the request is in flight", () -> inFlight(slot) == 1);
        return client;
    }

    private void awaitActive(String slot) {
        Await.until(() -> "slot " + slot + " serves", START, () -> turnout.admin()
                .active()
                .equals(slot));
    }

    private int inFlight(String slot) {
        JsonObject status = turnout.admin().status().getJsonObject("slots").getJsonObject(slot);
        return status.getJsonArray("targets").stream()
                .mapToInt(target -> ((JsonObject) target).getInteger("inFlight"))
                .sum();
    }

    @Test
    void nobody_but_turnout_gets_the_token() throws IOException {
        DeployScript script = succeed(deploy("one"));

        assertThat(script.output()).doesNotContain(DeployScript.TOKEN);
        for (ProcessHandle instance : instances(green)) {
            Path process = Path.of("/proc/" + instance.pid());
            assertThat(process.resolve("environ"))
                    .content()
                    .contains("XDG_STATE_HOME")
                    .doesNotContain(DeployScript.TOKEN);
            assertThat(process.resolve("cmdline")).content().doesNotContain(DeployScript.TOKEN);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain(DeployScript.TOKEN));
        }
    }

    @Test
    void a_stranger_is_named_with_what_to_type_and_stopped_only_if_that_is_asked_for() throws IOException {
        List<String> words = new ArrayList<>(LightApp.command(String.valueOf(green.get(1)), "stranger"));
        words.add(1, "-Dshop=other");
        Process stranger = other(words, List.of());
        Await.until(() -> "the stranger", START, () -> isOpen(green.get(1)));

        DeployScript refused = deploy("one");

        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(5);
        assertThat(refused.output())
                .contains("port " + green.get(1) + " is taken by process " + stranger.pid() + " (java)")
                .contains("kill " + stranger.pid(), "--adopt");
        assertThat(stranger.isAlive()).isTrue();

        succeed(deploy("one", "--adopt"));
        assertThat(stranger.isAlive()).isFalse();
    }

    @Test
    @RequiresProgram(value = "setpriv", debianPackage = "util-linux")
    void the_process_of_another_user_is_named_with_what_to_type() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can be somebody else");
        List<Process> old = new ArrayList<>();
        for (int each : blue) {
            old.add(other(LightApp.command(String.valueOf(each), "old"), List.of()));
            Await.until(() -> "the old version", START, () -> isOpen(each));
        }
        Path home = Files.createDirectory(folder.resolve("home"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));

        DeployScript script = DeployScript.turnout(
                home,
                List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
                Map.of("XDG_STATE_HOME", home.toString(), "USER", "nobody"),
                arguments(deployment("one")));
        commands.add(script);

        assertThat(script.exitCode()).as(script.output()).isEqualTo(7);
        assertThat(script.output()).contains("sudo kill " + old.get(0).pid(), "belongs to another user");
        assertThat(old).allMatch(Process::isAlive);
        assertThat(served()).isEqualTo("one");
    }

    @Test
    void what_can_not_be_deployed_is_one_clear_line() throws IOException {
        Path text = Files.writeString(folder.resolve("text.jar"), "no jar");

        DeployScript notAJar = command("deploy", text.toString());
        DeployScript aFolder = command("deploy", folder.toString());

        assertThat(notAJar.exitCode()).isEqualTo(2);
        assertThat(notAJar.output().lines()).hasSize(1);
        assertThat(notAJar.output()).contains(text + " is not a jar");
        assertThat(aFolder.exitCode()).isEqualTo(2);
        assertThat(aFolder.output())
                .contains(folder + " is a folder, not a jar")
                .doesNotContain("Exception");
    }

    @Test
    void a_canary_goes_up_by_steps_and_then_the_old_version_is_stopped() {
        succeed(deploy("one"));

        DeployScript canary =
                succeed(deploy("two", "--strategy", "canary", "--steps", "10,50", "--wait", "0", "--yes"));

        assertThat(canary.output()).containsSubsequence("10 % of the clients", "50 % of the clients", "deployed:");
        assertThat(served()).isEqualTo("two");
        assertThat(instances(green)).isEmpty();
    }

    /** Deploys one version, and begins to deploy another one whose canary stands at 10 percent for long. */
    private DeployScript canaryOfTenPercent() {
        succeed(deploy("one"));
        DeployScript canary = deploy("two", "--strategy", "canary", "--steps", "10", "--wait", "600", "--yes");
        canary.awaitLine("10 % of the clients go to");
        return canary;
    }

    @Test
    void a_canary_that_somebody_else_has_promoted_meanwhile_goes_on_serving() {
        DeployScript canary = canaryOfTenPercent();

        turnout.admin().post("/admin/canary/promote").expect(200);

        assertThat(canary.exitCode()).as(canary.output()).isEqualTo(6);
        assertThat(canary.output()).doesNotContain("serves as before");
        assertThat(instances(blue)).hasSize(2);
        assertThat(instances(green)).hasSize(2);
        assertThat(served()).isEqualTo("two");
    }

    @Test
    void a_canary_whose_share_somebody_else_has_changed_goes_on_running() {
        DeployScript canary = canaryOfTenPercent();

        turnout.admin().post("/admin/canary?weight=100").expect(200);

        assertThat(canary.exitCode()).as(canary.output()).isEqualTo(6);
        assertThat(canary.output()).contains("Both versions are left running").doesNotContain("serves as before");
        assertThat(instances(blue)).hasSize(2);
        assertThat(served()).isEqualTo("two");
    }

    @Test
    void no_to_a_canary_that_somebody_else_has_promoted_meanwhile_does_not_stop_it() {
        succeed(deploy("one"));
        DeployScript canary = deploy("two", "--strategy", "canary", "--steps", "10", "--wait", "0");
        canary.awaitLine("send 10 % of the clients");
        canary.answer("y");
        canary.awaitLine("send all clients to slot");
        turnout.admin().post("/admin/canary/promote").expect(200);

        canary.answer("n");

        assertThat(canary.exitCode()).as(canary.output()).isEqualTo(6);
        assertThat(instances(blue)).hasSize(2);
        assertThat(served()).isEqualTo("two");
    }

    @Test
    void what_another_switch_watches_is_not_stopped() {
        succeed(deploy("one"));
        succeed(deploy("two", "--keep-old"));
        List<ProcessHandle> two = instances(blue);
        turnout.admin().postAsync("/admin/switch?watch=10m");
        awaitStep("watch");

        DeployScript third = deploy("three", "--switch-timeout", "2s");
        assertThat(third.exitCode()).as(third.output()).isEqualTo(4);
        DeployScript back = command("rollback", "--to-release", "1");
        assertThat(back.exitCode()).as(back.output()).isEqualTo(4);

        assertThat(List.of(third.output(), back.output())).allSatisfy(output -> assertThat(output)
                .contains("another change is under way, at the step 'watch'")
                .doesNotContain("stopping"));
        assertThat(two).hasSize(2).allMatch(ProcessHandle::isAlive);
        succeed(command("rollback", "--keep-old"));
        assertThat(served()).isEqualTo("two");
    }

    /** The unit may have Restart=: systemd goes on trying. */
    @Test
    void a_unit_that_can_not_be_started_is_stopped() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path systemctl = Files.writeString(bin.resolve("systemctl"), """
                #!/bin/sh
                echo "$1 $3" >>"${0%/*}/calls"
                [ "$1" = stop ] || [ "$1" = reset-failed ]
                """);
        Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path jar = Files.write(folder.resolve("shop.jar"), TinyApplication.jar("1"));
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("PATH", bin + ":" + System.getenv("PATH"));

        DeployScript script = DeployScript.turnout(
                folder, List.of(), environment, arguments("deploy", "--systemd", "shop", jar.toString()));
        commands.add(script);

        assertThat(script.exitCode()).as(script.output()).isEqualTo(1);
        assertThat(Files.readAllLines(bin.resolve("calls")))
                .containsSubsequence("start shop@" + green.get(0), "stop shop@" + green.get(0));
    }

    @Test
    void a_rolling_deployment_that_has_stopped_is_not_gone_on_with_for_another_version() throws IOException {
        Path start = Files.writeString(
                folder.resolve("start.sh"),
                "[ ! -e broken-$2-$1 ] || exit 3\nexec " + String.join(" ", LightApp.command("$1", "$2")) + "\n");
        Files.createFile(folder.resolve("broken-two-" + green.get(1)));
        succeed(deploy("one"));
        DeployScript stopped = command(rolling("two", start));
        assertThat(stopped.exitCode()).as(stopped.output()).isEqualTo(1);
        assertThat(versions(List.of(green.get(0)))).containsExactly("two");

        DeployScript next = succeed(command(rolling("three", start)));

        assertThat(next.output()).contains("all 2 targets of slot green are replaced");
        assertThat(versions(green)).containsExactly("three", "three");
    }

    private static String[] rolling(String version, Path start) {
        return new String[] {
            "deploy",
            "--strategy",
            "rolling",
            "--app-version",
            version,
            "--exec",
            "sh " + start + " {port} {version}",
            "--stop-timeout",
            "5",
            "--start-timeout",
            "240"
        };
    }

    @Test
    void a_rolling_deployment_replaces_the_targets_of_the_active_slot_one_by_one() {
        succeed(deploy("one"));

        DeployScript rolling = succeed(deploy("two", "--strategy", "rolling"));

        assertThat(rolling.output()).contains("--- 2 of 2", "all 2 targets of slot green are replaced");
        assertThat(versions(green)).containsExactly("two", "two");
        succeed(command("rollback"));
        assertThat(served()).isEqualTo("one");
    }

    /** The tutorial's way: a script that starts the jar. The jar lies where people put it. */
    @Test
    void an_application_that_a_script_has_started_is_taken_over_by_the_first_deployment() throws IOException {
        Path build = Files.createDirectories(folder.resolve("나의 프로젝트/build libs"));
        Path jar = Files.copy(DeployScript.SAMPLE_APP, build.resolve("가게 app.jar"));
        Process old = other(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-Dserver.port=" + blue.get(0),
                        "-jar",
                        jar.toString()),
                List.of("LC_ALL=C.UTF-8"));
        Await.until(() -> "the old application", START, () -> isOpen(blue.get(0)));
        List<String> deployment = List.of(
                "deploy",
                "--start-timeout=240",
                "--java-opts=-XX:TieredStopAtLevel=1 -Xmx128m -Dapp.version=next",
                "가게 app.jar");

        DeployScript first = DeployScript.turnout(
                build,
                List.of("env", "-u", "LANG", "LC_ALL=POSIX"),
                environment(),
                arguments(deployment.toArray(String[]::new)));
        commands.add(first);

        succeed(first);
        assertThat(first.output())
                .contains("가게 app.jar", "process " + old.pid() + ", taken over as the same application");
        Await.until("the end of the old application", () -> !old.isAlive());
        assertThat(served("/version")).isEqualTo("next");
        DeployScript second = run(build, deployment.toArray(String[]::new));
        succeed(second);
        assertThat(second.output()).contains("stopping the old version");
    }

    private DeployScript deploy(String version, String... options) {
        return run(folder, deploymentOf("", version, options));
    }

    private String[] deployment(String version, String... more) {
        return deploymentOf(String.join(" ", more), version);
    }

    private String[] deploymentOf(String more, String version, String... options) {
        List<String> arguments = new ArrayList<>(List.of("deploy", "--by", "minji", "--app-version", version));
        arguments.add("--exec");
        arguments.add(String.join(" ", LightApp.command("{port}", "{version}")) + " " + more);
        arguments.addAll(List.of("--stop-timeout", "5", "--start-timeout", "240"));
        arguments.addAll(List.of(options));
        return arguments.toArray(String[]::new);
    }

    private DeployScript command(String... words) {
        return run(folder, words);
    }

    private DeployScript run(Path here, String... words) {
        DeployScript script = DeployScript.turnout(here, List.of(), environment(), arguments(words));
        commands.add(script);
        return script;
    }

    private Map<String, String> environment() {
        return Map.of(
                "XDG_STATE_HOME",
                folder.resolve("state").toString(),
                "TURNOUT_RUN",
                folder.resolve("state/turnout/deploy").toString());
    }

    private List<String> arguments(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        if (!words[0].equals("releases")) {
            arguments.addAll(1, List.of("--url", turnout.adminAddress().toString()));
        }
        return arguments;
    }

    private static DeployScript succeed(DeployScript script) {
        assertThat(script.exitCode()).as(script.output()).isZero();
        return script;
    }

    /** Starts what no deployment has started, and waits for its port. */
    private Process other(List<String> words, List<String> environment) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        environment.forEach(pair -> builder.environment().put(pair.split("=")[0], pair.split("=")[1]));
        Process process = builder.start();
        others.add(process);
        return process;
    }

    private List<ProcessHandle> instances(List<Integer> ports) {
        return ports.stream()
                .flatMap(port -> process(folder.resolve("state/turnout/deploy/" + port + ".pid")).stream())
                .toList();
    }

    private static Optional<ProcessHandle> process(Path pidFile) {
        try {
            return Files.exists(pidFile)
                    ? ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> versions(List<Integer> ports) {
        return ports.stream()
                .map(port -> get(URI.create("http://127.0.0.1:" + port + "/")))
                .toList();
    }

    private String served() {
        return served("/");
    }

    private String served(String path) {
        return get(turnout.front().resolve(path));
    }

    private static String get(URI uri) {
        return HTTP.sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .join()
                .body();
    }

    private static boolean isOpen(int port) {
        try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static String addresses(List<Integer> ports) {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }
}
