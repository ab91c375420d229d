package dev.turnout.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.NginxConfig.Style;
import dev.turnout.routing.PublishFailed;
import dev.turnout.routing.Slot;
import dev.turnout.support.Guards;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.SmallDisk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every step of a publication broken on purpose: nginx goes on with the old slot, and the old file is there. */
@RequiresProgram(value = "nginx", debianPackage = "nginx")
final class NginxFailureTest {

    @TempDir
    private Path folder;

    @Test
    @Guards("F10")
    void somebody_elses_broken_file_leaves_the_old_include_and_the_old_slot() throws IOException {
        try (Fixture fixture = fixture().adopt()) {
            String before = fixture.include();
            Files.writeString(fixture.nginx.neighbour(), "nonsense on;\n");

            refused(fixture)
                    .hasMessageStartingWith("test failed: ")
                    .hasMessageContaining("[emerg] unknown directive \"nonsense\"")
                    .hasMessageContaining("nginx goes on with the workers");
            assertUntouched(fixture, before);

            Files.delete(fixture.nginx.neighbour());
            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.answer()).isEqualTo("green");
        }
    }

    /** nginx's test does not mind a port in use, its reload does: it says so in its log only, and exits with 0. */
    @Test
    @Guards("F22")
    void a_reload_that_nginx_silently_drops_is_not_taken_for_a_switch() throws IOException {
        try (Fixture fixture = fixture().set("confirm-timeout", "2500ms").adopt();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String before = fixture.include();
            WorkerGeneration workers = fixture.nginx.generation();
            Files.writeString(fixture.nginx.neighbour(), "server { listen 127.0.0.1:" + taken.getLocalPort() + "; }\n");

            refused(fixture)
                    .hasMessageStartingWith("not confirmed: nginx goes on with the workers of its old configuration")
                    .hasMessageContaining("the previous include file is back");
            assertThat(fixture.nginx.generation()).isEqualTo(workers);
            assertUntouched(fixture, before);
        }
    }

    @Test
    void a_target_that_nginx_cannot_reach_is_not_confirmed() throws IOException {
        try (Fixture fixture = fixture().set("confirm-timeout", "2500ms").adopt()) {
            String before = fixture.include();
            fixture.green.kill();

            refused(fixture)
                    .hasMessageStartingWith(
                            "not confirmed: nginx passes to " + fixture.green.address() + " and gets status 502 there")
                    .hasMessageContaining("tested, reloaded and confirmed");
            assertUntouched(fixture, before);
        }
    }

    @Test
    void a_probe_without_the_header_is_not_confirmed_and_says_what_is_missing() throws IOException {
        try (Fixture fixture = fixture().set("confirm-timeout", "2500ms")) {
            fixture.set("probe", fixture.nginx.front() + "/").adopt();
            assertThat(fixture.warnings).singleElement().asString().contains("has no X-Turnout-Upstream");
            fixture.overwriteNext();

            refused(fixture)
                    .hasMessageStartingWith("not confirmed: ")
                    .hasMessageContaining("add_header X-Turnout-Upstream $upstream_addr always;");
            assertThat(fixture.answer()).isEqualTo("blue");
        }
    }

    @Test
    void a_reload_command_that_hangs_is_killed_and_nothing_has_changed() throws IOException {
        try (Fixture fixture = fixture()
                .set("reload", "sleep 1000")
                .set("command-timeout", "1s")
                .adopt()) {
            String before = fixture.include();

            refused(fixture)
                    .hasMessageStartingWith("reload failed: 'sleep 1000' was killed after 1000 ms")
                    .hasMessageContaining("nginx goes on with the workers");
            assertUntouched(fixture, before);
        }
    }

    @Test
    void a_reload_command_that_hangs_after_its_work_is_undone_and_the_probe_tells_so() throws IOException {
        try (Fixture fixture = fixture().set("command-timeout", "2s")) {
            fixture.set("reload", script("slow-reload", fixture.nginx.reload() + "; sleep 1000"))
                    .adopt();
            String before = fixture.include();

            refused(fixture)
                    .hasMessageStartingWith("reload failed: ")
                    .hasMessageContaining("nginx answers from where it did before");
            assertUntouched(fixture, before);
        }
    }

    @Test
    void a_reload_command_that_is_not_there_is_said() throws IOException {
        try (Fixture fixture =
                fixture().set("reload", "/no/such/nginx -s reload").adopt()) {
            String before = fixture.include();
            refused(fixture).hasMessageStartingWith("reload failed: '/no/such/nginx -s reload' could not be started");
            assertUntouched(fixture, before);
        }
    }

    @Test
    void a_reload_is_not_confirmed_while_the_nginx_from_before_an_upgrade_takes_connections() throws IOException {
        try (Fixture fixture =
                fixture().asDaemon().set("confirm-timeout", "2500ms").adopt()) {
            String before = fixture.include();
            fixture.nginx.upgrade();

            refused(fixture)
                    .hasMessageStartingWith("not confirmed: the nginx from before an upgrade of its program")
                    .hasMessageContaining("nginx has started new workers with it");
            assertUntouched(fixture, before);

            fixture.nginx.endBeforeUpgrade();
            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.answer()).isEqualTo("green");
        }
    }

    @Test
    void an_nginx_that_does_not_run_serves_the_old_slot_when_it_is_started() throws IOException {
        try (Fixture fixture = fixture().adopt()) {
            String before = fixture.include();
            fixture.nginx.kill9();

            refused(fixture)
                    .hasMessageStartingWith("reload failed: ")
                    .hasMessageContaining("nginx has not been reloaded");
            fixture.nginx.start();
            assertUntouched(fixture, before);
        }
    }

    @Test
    void an_nginx_killed_between_write_and_reload_serves_the_old_slot_when_it_is_started() throws IOException {
        try (Fixture fixture = fixture()) {
            WorkerGeneration victims = fixture.nginx.generation();
            String pids = victims.master() + " "
                    + String.join(
                            " ", victims.workers().stream().map(String::valueOf).toList());
            fixture.set("test", script("killing-test", fixture.nginx.test() + " && kill -9 " + pids + "; true"))
                    .adopt();
            String before = fixture.include();

            refused(fixture)
                    .hasMessageStartingWith("reload failed: ")
                    .hasMessageContaining("it will serve by that file when it is started");
            fixture.nginx.kill9();
            fixture.nginx.start();
            assertUntouched(fixture, before);
        }
    }

    @Test
    @RequiresProgram(value = "mount", debianPackage = "mount")
    @Guards("F10")
    void a_read_only_folder_leaves_everything_as_it_was() throws Exception {
        try (Fixture fixture = fixture();
                SmallDisk disk = SmallDisk.over(fixture.nginx.include().getParent(), "64k")) {
            fixture.adopt();
            String before = fixture.include();
            disk.readOnly();

            refused(fixture)
                    .hasMessageStartingWith("the include file could not be written: ")
                    .hasMessageContaining("Read-only file system");
            assertUntouched(fixture, before);

            disk.writable();
            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.answer()).isEqualTo("green");
        }
    }

    @Test
    @RequiresProgram(value = "mount", debianPackage = "mount")
    @Guards("F10")
    void a_full_disk_leaves_everything_as_it_was() throws Exception {
        try (Fixture fixture = fixture();
                SmallDisk disk = SmallDisk.over(fixture.nginx.include().getParent(), "64k")) {
            fixture.adopt();
            String before = fixture.include();
            disk.fill();

            refused(fixture)
                    .hasMessageStartingWith("the include file could not be written: ")
                    .hasMessageContaining("No space left on device");
            disk.makeRoom();
            assertUntouched(fixture, before);

            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.answer()).isEqualTo("green");
        }
    }

    @Test
    @RequiresProgram(value = "mount", debianPackage = "mount")
    void a_disk_that_fills_up_in_the_middle_does_not_stand_in_the_way_back() throws Exception {
        try (Fixture fixture = fixture();
                SmallDisk disk = SmallDisk.over(fixture.nginx.include().getParent(), "64k")) {
            Path room = fixture.nginx.include().resolveSibling("filler");
            fixture.set("test", script("filling-test", "cat /dev/zero > " + room + "; exit 1"))
                    .adopt();
            String before = fixture.include();

            refused(fixture).hasMessageStartingWith("test failed: ");
            disk.makeRoom();
            assertUntouched(fixture, before);
        }
    }

    @Test
    @RequiresProgram(value = "mount", debianPackage = "mount")
    void an_include_that_cannot_be_put_back_is_said_loudly_and_can_be_forced_right() throws Exception {
        try (Fixture fixture = fixture();
                SmallDisk disk = SmallDisk.over(fixture.nginx.include().getParent(), "64k")) {
            Path flag = Files.createFile(folder.resolve("break"));
            fixture.set(
                            "test",
                            script(
                                    "breaking-test",
                                    "[ -e " + flag + " ] || exec " + fixture.nginx.test() + "; mount -o remount,ro "
                                            + fixture.nginx.include().getParent() + "; exit 1"))
                    .adopt();

            refused(fixture)
                    .hasMessageStartingWith("restore failed: test failed: ")
                    .hasMessageContaining("could not be put back")
                    .hasMessageContaining("force=true");
            assertThat(fixture.answer()).isEqualTo("blue");
            assertThat(fixture.plane().drift()).isPresent();

            Files.delete(flag);
            disk.writable();
            fixture.overwriteNext();
            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.answer()).isEqualTo("green");
            assertThat(fixture.plane().drift()).isEmpty();
        }
    }

    @Test
    void a_way_back_that_nginx_refuses_is_said_loudly_and_can_be_forced_right() throws IOException {
        try (Fixture fixture = fixture().set("confirm-timeout", "2500ms")) {
            Path tested = folder.resolve("tested");
            fixture.set(
                            "test",
                            script(
                                    "once",
                                    "[ ! -e " + tested + " ] || exit 7; touch " + tested + "; exec "
                                            + fixture.nginx.test()))
                    .adopt();
            fixture.green.kill();

            refused(fixture)
                    .hasMessageStartingWith("restore failed: not confirmed: ")
                    .hasMessageContaining("whether nginx serves by it is not known: test failed")
                    .hasMessageContaining("force=true");
            assertThat(fixture.plane().drift()).get().asString().startsWith("restore failed: ");

            Files.delete(tested);
            fixture.green.revive();
            fixture.overwriteNext();
            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.answer()).isEqualTo("green");
            assertThat(fixture.plane().drift()).isEmpty();
        }
    }

    @Test
    void with_nothing_to_confirm_by_a_switch_is_refused() throws IOException {
        try (Fixture fixture = fixture()
                .set("probe", "")
                .set("pid", folder.resolve("nowhere").toString())
                .adopt()) {
            refused(fixture)
                    .hasMessageContaining("there is nothing to confirm it by")
                    .hasMessageContaining("set one");
            assertThat(fixture.include()).contains(fixture.blue.address());
        }
    }

    private Fixture fixture() throws IOException {
        return Fixture.of(Style.VARIABLE, folder.resolve("nginx"));
    }

    private String script(String name, String text) throws IOException {
        return "sh " + Files.writeString(folder.resolve(name), text + "\n");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(Fixture fixture) {
        return assertThatThrownBy(() -> fixture.switchTo(Slot.GREEN)).isInstanceOf(PublishFailed.class);
    }

    private static void assertUntouched(Fixture fixture, String include) throws IOException {
        assertThat(fixture.include()).isEqualTo(include);
        assertThat(fixture.beside()).containsExactly("service-url.inc");
        assertThat(fixture.answer()).isEqualTo("blue");
        assertThat(fixture.plane().drift()).isEmpty();
    }
}
