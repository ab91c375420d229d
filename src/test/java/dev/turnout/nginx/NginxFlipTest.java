package dev.turnout.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.NginxConfig.Style;
import dev.turnout.routing.Command;
import dev.turnout.routing.Outcome.Changed;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Transition;
import dev.turnout.routing.Warning;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.Rounds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Switching a real nginx. */
@RequiresProgram(value = "nginx", debianPackage = "nginx")
final class NginxFlipTest {

    /** The server block of the tutorial, with the mended {@code listen} that nginx itself insists on, and a name. */
    private static final String SEED_SITE = """
            # /etc/nginx/sites-enabled/<>.conf
            server {
                    listen 80;
                    listen [::]:80;

                    server_name localhost;

                    include /etc/nginx/conf.d/service-url.inc; # 추가된 부분
                    location / {
                            # proxy_pass http://node-app;
                            proxy_pass $service_url; # 변경된 부분
                    }
            }
            """;

    private static final String SEED_INCLUDE = """
            # /etc/nginx/conf.d/service-url.inc
            set $service_url http://BLUE;
            """;

    private static final int FLIPS = Rounds.of(40, 200);
    private static final int CLIENTS = 32;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Style.class)
    void the_sites_of_nginx_compat_switch_there_and_back(Style style) throws IOException {
        try (Fixture fixture = Fixture.of(style, folder).adopt()) {
            String before = fixture.include();
            assertThat(fixture.service().active()).isEqualTo(Slot.BLUE);
            assertThat(fixture.warnings).isEmpty();

            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.answer()).isEqualTo("green");
            assertThat(fixture.include()).isEqualTo(before.replace(fixture.blue.address(), fixture.green.address()));

            fixture.switchTo(Slot.BLUE);
            assertThat(fixture.answer()).isEqualTo("blue");
            assertThat(fixture.include()).isEqualTo(before);
            assertThat(fixture.beside()).containsExactly("service-url.inc");
            assertThat(Warning.english(fixture.plane().warnings("default"))).isEmpty();
        }
    }

    @Test
    void the_seeds_own_files_switch_both_ways_and_what_was_not_looked_at_is_said() throws IOException {
        try (Fixture fixture =
                Fixture.of(folder, SEED_SITE, SEED_INCLUDE).set("probe", "").adopt()) {
            String before = fixture.include();

            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.answer()).isEqualTo("green");
            assertThat(fixture.include())
                    .isEqualTo("# /etc/nginx/conf.d/service-url.inc\nset $service_url http://" + fixture.green.address()
                            + ";\n");
            assertThat(Warning.english(fixture.plane().warnings("default")))
                    .singleElement()
                    .asString()
                    .contains("new workers have taken over", "turnout.nginx.probe is empty");

            fixture.switchTo(Slot.BLUE);
            assertThat(fixture.answer()).isEqualTo("blue");
            assertThat(fixture.include()).isEqualTo(before);
        }
    }

    @Test
    void without_a_pid_file_the_probe_confirms_and_says_what_it_cannot() throws IOException {
        try (Fixture fixture = Fixture.of(Style.VARIABLE, folder)
                .set("pid", folder.resolve("nowhere").toString())
                .adopt()) {
            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.answer()).isEqualTo("green");
            assertThat(Warning.english(fixture.plane().warnings("default")))
                    .singleElement()
                    .asString()
                    .contains("no master process of nginx is seen", "turnout.nginx.pid");
        }
    }

    @Test
    void after_a_switch_no_new_connection_reaches_the_old_slot() throws IOException {
        try (Fixture fixture = Fixture.of(Style.UPSTREAM, folder).adopt()) {
            for (int i = 0; i < 10; i++) {
                Slot next = fixture.service().idle();
                fixture.switchTo(next);
                for (int j = 0; j < 50; j++) {
                    assertThat(fixture.answer()).isEqualTo(next.toString());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Style.class)
    void flips_under_load_fail_no_request_and_each_is_confirmed(Style style) throws Exception {
        try (Fixture fixture = Fixture.of(style, folder).adopt()) {
            BrowserLoad load = BrowserLoad.start(fixture.nginx.front(), CLIENTS);
            long began = System.nanoTime();
            for (int i = 0; i < FLIPS / 2; i++) {
                fixture.switchTo(fixture.service().idle());
                assertThat(Warning.english(fixture.plane().warnings("default"))).isEmpty();
            }
            long millis = (System.nanoTime() - began) / 1_000_000;
            BrowserLoad.Report report = load.stop();
            System.out.printf(
                    "nginx, style %s: %d flips in %d ms, %d answers, %d GETs sent again, failures %s%n",
                    style, FLIPS / 2, millis, report.answers(), report.sentAgain(), report.failures());
            assertThat(report.failures()).isEmpty();
            assertThat(report.answers()).isGreaterThan(FLIPS);
        }
    }

    @Test
    void a_canary_shares_requests_out_by_its_weight() throws IOException {
        try (Fixture fixture = Fixture.of(Style.UPSTREAM, folder).adopt()) {
            fixture.apply(new Command.SetCanary(20, "0".repeat(32)));
            long toGreen = 0;
            for (int i = 0; i < 200; i++) {
                toGreen += fixture.answer().equals("green") ? 1 : 0;
            }
            assertThat(toGreen).isBetween(38L, 42L);
            assertThat(Warning.english(fixture.plane().warnings("default")))
                    .singleElement()
                    .asString()
                    .contains("by request");

            fixture.switchTo(Slot.GREEN);
            for (int i = 0; i < 50; i++) {
                assertThat(fixture.answer()).isEqualTo("green");
            }
        }
    }

    @Test
    void a_target_out_of_rotation_gets_nothing_and_comes_back() throws IOException {
        try (Fixture fixture =
                Fixture.of(Style.UPSTREAM, folder).withSecondTarget().adopt()) {
            assertThat(fixture.service().blue().inRotation())
                    .as("the include names one of the two")
                    .containsExactly(Fixture.target(fixture.blue));
            fixture.apply(new Command.PutBack(Fixture.target(fixture.second)));
            assertThat(fixture.answer() + fixture.answer() + fixture.answer() + fixture.answer())
                    .contains("blue", "second");

            fixture.apply(new Command.TakeOut(Fixture.target(fixture.blue), false));
            assertThat(fixture.include()).contains("server " + fixture.blue.address() + " down;");
            for (int i = 0; i < 20; i++) {
                assertThat(fixture.answer()).isEqualTo("second");
            }
        }
    }

    @Test
    void what_one_variable_cannot_say_is_refused_with_the_way_out() throws IOException {
        try (Fixture fixture = Fixture.of(Style.VARIABLE, folder).adopt()) {
            assertThat(fixture.plane().objection(changed(fixture, new Command.SetCanary(10, "0".repeat(32)))))
                    .get()
                    .asString()
                    .contains("cannot share the traffic out", "style=upstream");
            assertThat(fixture.plane()
                            .objection(changed(fixture, new Command.TakeOut(Fixture.target(fixture.blue), true))))
                    .get()
                    .asString()
                    .contains("exactly one target", "style=upstream");
            assertThat(fixture.plane().objection(changed(fixture, new Command.Pause())))
                    .get()
                    .asString()
                    .contains("mode=proxy");
            assertThat(fixture.plane().objection(changed(fixture, new Command.SwitchTo(Slot.GREEN))))
                    .isEmpty();
        }
    }

    private static Service changed(Fixture fixture, Command command) {
        return ((Changed) Transition.apply(fixture.service(), command, Instant.EPOCH, "test")).service();
    }
}
