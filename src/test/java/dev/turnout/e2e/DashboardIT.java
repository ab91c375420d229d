package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Browser;
import dev.turnout.support.BrowserPage;
import dev.turnout.support.Effect;
import dev.turnout.support.Etcd;
import dev.turnout.support.Load;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@RequiresProgram(value = "chromium", debianPackage = "chromium")
@DisplayName("The dashboard in Chromium")
@Tag("alone")
final class DashboardIT {

    private static final int FLIPS = 5;
    private static final long SOON_MILLIS = 200;
    private static final String TOKEN = "secret-of-the-dashboard";

    @TempDir
    static Path profile;

    private static Browser browser;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private Backend blue;
    private Backend green;
    private BrowserPage page;

    @BeforeAll
    static void startBrowser() throws IOException {
        browser = Browser.start(profile);
    }

    @AfterAll
    static void endBrowser() {
        browser.close();
    }

    @BeforeEach
    void applications() {
        blue = arena.application("blue");
        green = arena.application("green");
        page = browser.page();
    }

    private TurnoutProcess.Settings settings() {
        return TurnoutProcess.with().blue(blue).green(green);
    }

    private void open(TurnoutProcess turnout) {
        page.open(turnout.adminAddress().resolve("/admin"));
    }

    private void openAndSee(TurnoutProcess turnout) {
        open(turnout);
        page.awaitText("The service is up");
        page.awaitText("History");
    }

    private void seesServing(String slot) {
        page.await(slot + " serves", "document.querySelector('.serving .slot-name')?.textContent === '" + slot + "'");
    }

    private void expectNoErrors(TurnoutProcess turnout) {
        assertThat(page.errors()).isEmpty();
        assertThat(page.requests()).allSatisfy(address -> assertThat(address)
                .startsWith(turnout.adminAddress().toString()));
    }

    @Test
    void shows_a_switch_of_somebody_else_within_200_ms() throws IOException {
        TurnoutProcess turnout = arena.start(settings());
        openAndSee(turnout);
        page.run("window.seen = [];"
                + " new MutationObserver(() => { const now = document.querySelector('.serving .slot-name').textContent;"
                + " if (now !== window.last) { window.last = now; window.seen.push(Date.now()); } })"
                + ".observe(document.querySelector('.serving'), { subtree: true, childList: true, characterData: true });"
                + " true");
        List<Long> after = new ArrayList<>();
        for (int i = 0; i < FLIPS; i++) {
            String to = i % 2 == 0 ? "green" : "blue";
            long switched =
                    turnout.admin().switchTo(to).getInstant("switchedAt").toEpochMilli();
            seesServing(to);
            after.add(Long.parseLong(page.run("window.seen.at(-1)")) - switched);
        }
        System.out.println("A switch is on the page after " + after + " ms");
        Collections.sort(after);
        assertThat(after.get(FLIPS / 2)).isLessThan(SOON_MILLIS);
        expectNoErrors(turnout);
    }

    @Test
    @RequiresProgram(value = "etcd", debianPackage = "etcd-server")
    void has_a_line_of_the_fleet_that_follows_it() throws IOException {
        try (Etcd etcd = Etcd.start()) {
            TurnoutProcess turnout = arena.start(
                    settings().set("turnout.fleet.endpoints", etcd.addresses()).set("turnout.fleet.member", "seoul-1"));
            openAndSee(turnout);
            page.awaitText("Fleet main: this Turnout is not in it");

            turnout.admin().post("/admin/fleet/init").expect(200);
            page.awaitText("Fleet main: 1 member · all in step · etcd read since");
            etcd.node(0).die();
            page.awaitText("etcd not reached since");
            page.await("the warning", "document.getElementById('fleet').classList.contains('wrong')");
            etcd.node(0).start();
            etcd.awaitService();
            page.awaitText("Fleet main: 1 member · all in step · etcd read since");
            expectNoErrors(turnout);
        }
    }

    @Test
    void switches_by_a_click_under_load_and_opens_the_receipt() throws IOException {
        TurnoutProcess turnout = arena.start(settings());
        openAndSee(turnout);
        Load load = Load.on(turnout.front()).keepAlive(4, Duration.ofMillis(20)).start();
        Load.Report report;
        try {
            page.click("Switch to green…");
            page.awaitText("All new requests of default go to green instead of blue");
            page.awaitText("Health of green, which gets the requests:");
            assertThat(page.run("document.querySelector('dialog .target').innerText"))
                    .contains(green.address(), "UP");
            page.click("Switch to green");
            page.awaitText("Switched: green serves instead of blue");
            seesServing("green");
        } finally {
            report = load.stop();
        }
        assertThat(report.failures()).isEmpty();
        page.click("Open the receipt");
        page.await("the receipt", "document.querySelector('.receipt:not([hidden])')?.innerText.includes('passed in')");
        assertThat(page.run("document.querySelector('.receipt:not([hidden])').innerText"))
                .contains("From", "blue", "To", "green", "Revision", "Gate", "Drain");
        expectNoErrors(turnout);
    }

    @Test
    void rolls_a_switch_back_during_its_watch_on_the_page_that_asked_for_it() throws IOException {
        TurnoutProcess turnout = arena.start(settings());
        openAndSee(turnout);
        page.click("Switch to green…");
        page.run("document.querySelector('dialog select').value = '10m'; true");
        page.click("Switch to green");
        seesServing("green");
        page.await(
                "the rollback",
                "[...document.querySelectorAll('.actions button')]"
                        + ".some(one => one.textContent.startsWith('Roll back to blue') && !one.disabled)");
        page.click("Roll back to blue…");
        page.click("Roll back to blue");
        seesServing("blue");
        assertThat(turnout.admin().active()).isEqualTo("blue");
    }

    @Test
    void tells_a_screen_reader_of_an_outage_and_of_its_end() throws IOException {
        TurnoutProcess turnout = arena.start(settings().set("turnout.health.interval", "50ms"));
        openAndSee(turnout);
        blue.probes(Effect.status(503, "ill"));
        page.await("the outage", "document.getElementById('urgent').textContent === 'default is down.'");
        blue.probes(Effect.ok("well"));
        page.await("its end", "document.getElementById('polite').textContent === 'default is up again.'");
    }

    @Test
    void shows_warnings_and_rehearsals_that_no_event_tells_of() throws IOException {
        TurnoutProcess turnout = arena.start(settings());
        openAndSee(turnout);
        turnout.admin().post("/admin/rehearsal?share=100").expect(200);
        page.awaitText("Rehearsal: 100 %");
        try (RawClient client = turnout.connect()) {
            for (int i = 0; i < 5; i++) {
                client.get("/").read();
            }
        }
        page.awaitText("5 requests");
    }

    @Test
    void says_why_it_hears_nothing() throws IOException {
        TurnoutProcess turnout = arena.start(settings().set("turnout.admin.connections", "12"));
        List<RawClient> streams = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                RawClient stream = RawClient.to(turnout.adminAddress());
                streams.add(stream);
                stream.send("GET /admin/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
                assertThat(stream.read("HEAD").status()).isEqualTo(200);
            }
            open(turnout);
            page.awaitText("Turnout answers, but does not tell this page what happens.");
            page.awaitText("Close one of them");
            assertThat(page.text()).doesNotContain("There is no service yet");
        } finally {
            for (RawClient stream : streams) {
                stream.close();
            }
        }
        page.awaitText("The service is up");
    }

    @Test
    void explains_a_refusal_to_whoever_asked_and_to_whoever_looks_on() throws IOException {
        green.probes(Effect.status(503, "not yet"));
        TurnoutProcess turnout = arena.start(settings().set("turnout.health.deadline", "1s"));
        openAndSee(turnout);
        page.click("Switch to green…");
        page.click("Switch to green");
        page.awaitText("Not switched");
        page.awaitText("503");
        page.await("an alert", "document.querySelector('.answer[role=alert]:not([hidden])')");
        page.click("Close");

        BrowserPage other = browser.page().open(turnout.adminAddress().resolve("/admin"));
        other.awaitText("refused");
        other.click("Details");
        other.await("the reason", "document.querySelector('.receipt:not([hidden])')?.innerText.includes('Reason')");
        assertThat(other.run("document.querySelector('.receipt:not([hidden])').innerText"))
                .contains("503");
        // Chromium itself notes each answer of 400 and above.
        assertThat(page.errors()).allSatisfy(error -> assertThat(error).contains("status of 424"));
    }

    @Test
    void says_that_contact_is_lost_and_goes_on_when_it_is_back() throws IOException {
        TurnoutProcess turnout = arena.start(settings());
        openAndSee(turnout);
        turnout.kill9();
        page.awaitText("No contact with Turnout since");
        page.await(
                "no button of an action works",
                "[...document.querySelectorAll('.actions button, .canary button, .target button')].every(b => b.disabled)");
        assertThat(page.run("document.title")).contains("no contact");

        TurnoutProcess again = arena.keep(turnout.restart());
        page.await("contact is back", "document.getElementById('contact').hidden");
        page.click("Switch to green…");
        page.click("Switch to green");
        seesServing("green");
        assertThat(again.admin().active()).isEqualTo("green");
    }

    @Test
    void tells_a_change_that_was_not_sent_from_one_whose_answer_was_lost() throws IOException {
        TurnoutProcess turnout = arena.start(settings());
        openAndSee(turnout);
        // The stream of events stays, so the page learns only by its own call that contact is lost.
        page.run("window.real = window.fetch; window.fetch = (path, options) => options?.method === 'POST'"
                + " ? Promise.reject(new TypeError('cut')) : window.real(path, options); true");
        page.click("Dry run");
        page.awaitText("The answer was lost.");
        page.click("Close");
        page.run("window.fetch = (path, options) => Promise.reject(new TypeError('refused')); true");
        page.click("Dry run");
        page.awaitText("Not sent: Turnout does not answer.");
    }

    @Test
    void asks_for_the_token_and_keeps_it_for_the_tab() throws IOException {
        TurnoutProcess turnout = arena.start(settings().set("turnout.admin.token", TOKEN));
        open(turnout);
        page.awaitText("Sign in");
        assertThat(page.run("document.activeElement.id")).isEqualTo("token");
        page.type("wrong");
        page.press("Enter");
        page.awaitText("This token is not right.");
        page.type("토큰");
        page.press("Enter");
        page.awaitText("This token is not right.");
        page.forgetErrors();
        page.type(TOKEN);
        page.press("Enter");
        page.awaitText("The service is up");
        page.run("location.reload()");
        page.awaitText("The service is up");
        assertThat(page.run("document.cookie + localStorage.length")).isEqualTo("0");
        assertThat(page.run("document.body.innerText")).doesNotContain(TOKEN);
        page.click("Sign out");
        page.awaitText("Sign in");
        // Chromium itself notes that the page is the body of a 401.
        assertThat(page.errors()).allSatisfy(error -> assertThat(error).contains("status of 401"));
        assertThat(browser.page().open(turnout.adminAddress().resolve("/admin")).text())
                .doesNotContain("blue");
    }

    @Test
    void is_used_by_the_keyboard_alone() throws IOException {
        TurnoutProcess turnout = arena.start(settings());
        openAndSee(turnout);
        page.tabTo("Switch to green…");
        page.press("Enter");
        page.awaitText("Health of green");
        assertThat(page.run("document.activeElement.textContent")).isEqualTo("Switch to green");
        page.press("Escape");
        page.await("no question", "document.querySelector('dialog') === null");
        assertThat(page.run("document.activeElement.textContent")).isEqualTo("Switch to green…");
        assertThat(turnout.admin().active()).isEqualTo("blue");
        page.press("Space");
        page.tabTo("Note");
        page.type("by the keyboard");
        page.tabTo("Switch to green");
        page.press("Enter");
        seesServing("green");
        page.await("a word for screen readers", "document.getElementById('polite').textContent !== ''");
        page.tabTo("Filter history");
        page.type("nothing like it");
        page.awaitText("No entry matches the filter.");
        expectNoErrors(turnout);
    }

    @Test
    void keeps_a_selection_while_it_updates() throws IOException {
        TurnoutProcess turnout = arena.start(settings());
        openAndSee(turnout);
        page.run("getSelection().selectAllChildren(document.querySelector('.target .mono')); true");
        Load load = Load.on(turnout.front()).keepAlive(1, Duration.ofMillis(20)).start();
        try {
            page.await("counters move", "/[1-9][0-9]* requests/.test(document.querySelector('.target').innerText)");
        } finally {
            load.stop();
        }
        assertThat(page.run("getSelection().toString()")).isEqualTo(blue.address());
        expectNoErrors(turnout);
    }

    @Test
    void is_in_korean_for_who_prefers_it() throws IOException {
        TurnoutProcess turnout = arena.start(settings());
        page.languages("ko-KR,ko;q=0.9,en;q=0.8");
        open(turnout);
        page.awaitText("서비스가 정상입니다");
        assertThat(page.run("document.documentElement.lang")).isEqualTo("ko");
        page.click("green(으)로 전환…");
        page.awaitText("모든 새 요청이");
        page.click("green(으)로 전환");
        seesServing("green");
        expectNoErrors(turnout);
    }

    @Test
    void cancels_a_change_and_drains_a_target() throws IOException {
        Backend second = arena.application("blue two");
        green.probes(Effect.status(503, "not yet"));
        TurnoutProcess turnout = arena.start(settings().blue(blue, second).set("turnout.health.deadline", "60s"));
        openAndSee(turnout);
        page.click("Switch to green…");
        page.click("Switch to green");
        page.awaitText("0 of 2 good in a row");
        page.click("Cancel this change");
        page.await("no change", "document.querySelector('.change').hidden");
        Await.until("nothing is under way", () -> turnout.admin().status().getValue("switching") == null);

        page.run("document.querySelector('.target button').click(); true");
        page.click("Drain " + blue.address());
        page.awaitText("out of rotation");
        // The question before it has the same words.
        Await.until(
                "it is out of rotation", () -> !turnout.admin().target("blue").getBoolean("inRotation"));
        page.await("the target can come back", "document.querySelector('.target button:not(:disabled)')");
        page.click("Ready");
        page.await(
                "all are in rotation",
                "[...document.querySelectorAll('.target .wait-pill')].every(standing => standing.hidden)");
    }

    @Test
    void begins_promotes_and_takes_back_a_canary_and_pauses() throws IOException {
        TurnoutProcess turnout = arena.start(settings());
        openAndSee(turnout);
        page.run("(() => { const slider = document.querySelector('input[type=range]'); slider.value = 20;"
                + " slider.dispatchEvent(new Event('input')); })(); true");
        page.click("Apply…");
        page.click("Give 20 %");
        page.awaitText("canary, 20 % of clients");
        page.click("Take back…");
        page.click("Take all clients back");
        page.await("no canary", "!document.body.innerText.includes('canary, 20 % of clients')");
        page.click("Pause…");
        page.click("Pause");
        page.awaitText("PAUSED");
        page.click("Resume");
        page.await("the service is up", "document.querySelector('.title .pill').textContent === 'UP'");
        expectNoErrors(turnout);
    }

    @Test
    void begins_a_maintenance_shows_it_and_ends_it() throws IOException {
        TurnoutProcess turnout = arena.start(settings());
        openAndSee(turnout);
        page.click("Maintenance…");
        page.run("document.querySelector('dialog input').value = 'Back soon'; true");
        page.click("Begin maintenance");
        page.await("the pill says it", "document.querySelector('.title .pill').textContent === 'MAINTENANCE'");
        page.awaitText("Maintenance is on since");
        assertThat(turnout.admin().status().getJsonObject("maintenance").getString("message"))
                .isEqualTo("Back soon");
        page.click("End maintenance");
        page.await("the service is up", "document.querySelector('.title .pill').textContent === 'UP'");
        expectNoErrors(turnout);
    }

    @Test
    void shows_fifty_services() throws IOException {
        Backend gone = arena.backend();
        gone.close();
        TurnoutProcess.Settings many = TurnoutProcess.with();
        for (int i = 0; i < 50; i++) {
            String name = "turnout.services.\"shop-" + (i < 10 ? "0" : "") + i + "\".";
            many.set(name + "hosts", "shop-" + i + ".example")
                    .set(name + "blue", (i == 7 ? gone : blue).address())
                    .set(name + "green", green.address());
        }
        TurnoutProcess turnout = arena.start(many);
        open(turnout);
        page.await("fifty cards", "document.querySelectorAll('.card h2').length === 50");
        page.run("(() => { const filter = document.getElementById('filter'); filter.value = 'shop-07';"
                + " filter.dispatchEvent(new Event('input')); })(); true");
        page.await(
                "one card",
                "[...document.querySelectorAll('.card')].filter(card => card.checkVisibility()).length === 1");
        page.click("shop-07");
        page.awaitText("History");
        page.run("(() => { const filter = document.getElementById('filter'); filter.value = 'shop-01';"
                + " filter.dispatchEvent(new Event('input')); })(); true");
        page.await("a link to what is down", "document.querySelector('#overview-bad a')?.textContent === 'shop-07'");
        page.run("document.querySelector('#overview-bad a').click(); true");
        page.await(
                "the card is there, is open and has the focus",
                "(() => { const at = document.activeElement; return at.textContent === 'shop-07'"
                        + " && at.getAttribute('aria-expanded') === 'true' && at.checkVisibility()"
                        + " && document.getElementById('filter').value === ''; })()");
        assertThat(page.tooWide()).isEmpty();
        expectNoErrors(turnout);
    }
}
