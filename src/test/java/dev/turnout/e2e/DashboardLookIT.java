package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Backend;
import dev.turnout.support.Browser;
import dev.turnout.support.BrowserPage;
import dev.turnout.support.Effect;
import dev.turnout.support.Load;
import dev.turnout.support.PageTools;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.Rounds;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@RequiresProgram(value = "chromium", debianPackage = "chromium")
@DisplayName("Each state of the dashboard, in light and dark, on a phone, a tablet and a desk")
@Tag("alone")
final class DashboardLookIT {

    private static final Path SHOTS = Path.of("target", "screenshots");
    private static final List<Integer> WIDTHS = List.of(360, 768, 1440);
    private static final List<String> SCHEMES = List.of("light", "dark");
    private static final int WIDEST = 1_920;
    private static final int HEIGHT = 900;
    private static final int MANY = 50;

    @TempDir
    Path profile;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final CountDownLatch word = new CountDownLatch(1);
    private final List<String> faults = new ArrayList<>();
    private int state;

    @Test
    void has_no_violation_of_axe_and_nothing_wider_than_the_page() throws IOException {
        Path axe = PageTools.axe();
        Backend blue = arena.application("blue");
        Backend green = arena.backend()
                .always(new Effect.ByPath("/held", Effect.heldUntil(word, Effect.ok("late")), Effect.ok("green")));
        TurnoutProcess turnout =
                arena.start(TurnoutProcess.with().blue(blue).green(green).set("turnout.health.deadline", "5m"));
        try (Browser browser = Browser.start(profile)) {
            BrowserPage page = browser.page().size(WIDEST, HEIGHT);
            page.open(turnout.adminAddress().resolve("/admin"));
            page.awaitText("The service is up");
            look(page, axe, "up");

            Load load =
                    Load.on(turnout.front()).keepAlive(4, Duration.ofMillis(20)).start();
            page.await("a rate", "Number.parseFloat(document.querySelector('.stat dd').textContent) > 1");
            page.await("a sparkline", "document.querySelector('.line').points.length > 3");
            look(page, axe, "load");

            page.click("Switch to green…");
            page.awaitText("Health of green");
            look(page, axe, "question");
            page.click("Switch to green");
            page.awaitText("Switched: green");
            look(page, axe, "answer");
            page.click("Open the receipt");
            page.await("the receipt", "document.querySelector('.receipt:not([hidden])')");
            look(page, axe, "receipt");
            load.stop();

            turnout.connect().send("GET /held HTTP/1.1\r\nHost: app.example\r\n\r\n");
            var draining = turnout.admin().postAsync("/admin/switch?to=blue&version=1.5.0&by=minji");
            page.awaitText("Still running on the old slot");
            look(page, axe, "drain");
            word.countDown();
            draining.join().expect(200);

            green.probes(Effect.status(503, "not yet"));
            var gating = turnout.admin().postAsync("/admin/switch?to=green&version=1.6.0&by=ci");
            page.awaitText("0 of 2 good in a row");
            look(page, axe, "gate");
            turnout.admin().delete("/admin/switch").expect(200);
            gating.join().expect(409);
            page.awaitText("refused");
            look(page, axe, "refused");
            green.probes(Effect.ok("ok"));

            page.awaitText("UP for");
            turnout.admin().post("/admin/canary?weight=20&version=1.6.0&by=ci").expect(200);
            page.awaitText("canary, 20 % of clients");
            look(page, axe, "canary");
            turnout.admin().delete("/admin/canary").expect(200);
            turnout.admin().post("/admin/pause").expect(200);
            page.awaitText("PAUSED");
            look(page, axe, "paused");
            turnout.admin().post("/admin/resume").expect(200);

            blue.kill();
            page.awaitText("The service is down");
            look(page, axe, "down");

            BrowserPage korean = browser.page().size(WIDEST, HEIGHT).languages("ko");
            korean.open(turnout.adminAddress().resolve("/admin"));
            korean.awaitText("서비스가 중단되었습니다");
            korean.awaitText("활성 슬롯 blue이(가) 중단되었고");
            look(korean, axe, "korean");

            turnout.kill9();
            page.awaitText("No contact with Turnout since");
            look(page, axe, "lost");

            TurnoutProcess many = arena.start(fiftyServices(green));
            page.open(many.adminAddress().resolve("/admin"));
            page.await("fifty cards", "document.querySelectorAll('.card h2').length === 50");
            page.awaitText("1 of 50 services is down");
            look(page, axe, "many");

            TurnoutProcess guarded = arena.start(TurnoutProcess.with()
                    .blue(blue)
                    .green(green)
                    .set("turnout.admin.token", "a-token-of-the-dashboard"));
            page.open(guarded.adminAddress().resolve("/admin"));
            page.awaitText("Sign in");
            look(page, axe, "sign-in");
        }
        assertThat(faults).isEmpty();
    }

    /** One of them is down, and one has a long name. */
    private TurnoutProcess.Settings fiftyServices(Backend up) {
        Backend gone = arena.backend();
        gone.close();
        Backend other = arena.application("other");
        TurnoutProcess.Settings settings = TurnoutProcess.with();
        for (int i = 0; i < MANY; i++) {
            String service = i == 3 ? "a-service-with-a-long-name-of-its-own" : "shop-%02d".formatted(i);
            String key = "turnout.services.\"" + service + "\".";
            settings.set(key + "hosts", "shop-" + i + ".example")
                    .set(key + "blue", (i == 7 ? gone : up).address())
                    .set(key + "green", other.address());
        }
        return settings;
    }

    /**
     * Looks at a state in two of the six combinations of width and scheme, in other ones for each state; in all of them with
     * {@code -Pthorough}. Keeps a picture of the first.
     */
    private void look(BrowserPage page, Path axe, String name) throws IOException {
        state++;
        int all = WIDTHS.size() * SCHEMES.size();
        for (int i = 0; i < Rounds.of(2, all); i++) {
            int combination = (state + i * (all - 1)) % all;
            int width = WIDTHS.get(combination % WIDTHS.size());
            String scheme = SCHEMES.get(combination / WIDTHS.size());
            String which = "%02d-%s-%d-%s".formatted(state, name, width, scheme);
            page.size(width, HEIGHT).scheme(scheme);
            note(which + ", axe", page.violations(axe));
            if (i == 0) {
                page.screenshot(SHOTS.resolve(which + ".png"));
            }
        }
        for (int width : List.of(360, 768, 1440, WIDEST)) {
            note(
                    "%02d-%s-%d, too wide".formatted(state, name, width),
                    page.size(width, HEIGHT).tooWide());
        }
        page.size(WIDEST, HEIGHT).scheme("light");
    }

    private void note(String which, String found) {
        if (!found.isEmpty()) {
            faults.add(which + ": " + found);
        }
    }
}
