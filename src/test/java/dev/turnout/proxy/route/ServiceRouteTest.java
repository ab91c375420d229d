package dev.turnout.proxy.route;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Balance;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.routing.Canary;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.SlotReleases;
import dev.turnout.routing.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServiceRouteTest {

    private static final int LOOPS = 2;
    private static final int CLIENTS = 20_000;

    /** Of the normal distribution, for 99 %. */
    private static final double Z = 2.5758;

    private static final String KEY = "00112233445566778899aabbccddeeff";
    private static final String OTHER_KEY = "ffeeddccbbaa99887766554433221100";
    private static final ClientInfo FACTS = new ClientInfo("192.0.2.7", "http", "h", false);

    private final TargetState blue = upstream(Slot.BLUE, 1);
    private final TargetState blueToo = upstream(Slot.BLUE, 2);
    private final TargetState green = upstream(Slot.GREEN, 3);
    private final TargetState greenToo = upstream(Slot.GREEN, 4);
    private final SlotAffinity visitor = new SlotAffinity(new Random(1)::nextLong);

    private static TargetState upstream(Slot slot, int port) {
        return new TargetState("default", slot, new Target("127.0.0.1", port), LOOPS, TargetSettings.NONE);
    }

    /** Blue is active. */
    private ServiceRoute route(Optional<Canary> canary, boolean paused, Balance balance) {
        return new ServiceRoute(
                Matches.ofAll("default", balance),
                service(canary, paused),
                List.of(blue, blueToo),
                List.of(green, greenToo),
                List.of(),
                LOOPS,
                new AssetBridge.End(System.nanoTime(), System.nanoTime()));
    }

    private Service service(Optional<Canary> canary, boolean paused) {
        return new Service(
                "default",
                Slot.BLUE,
                Optional.empty(),
                Pool.of(List.of(blue.target(), blueToo.target())),
                Pool.of(List.of(green.target(), greenToo.target())),
                canary,
                paused,
                Optional.empty(),
                1,
                Instant.EPOCH,
                "test",
                SlotReleases.NONE);
    }

    private ServiceRoute canary(int weight, String key) {
        return route(weight == 0 ? Optional.empty() : Optional.of(new Canary(weight, key)), false, Balance.ROUND_ROBIN);
    }

    private ServiceRoute canary(int weight) {
        return canary(weight, KEY);
    }

    /** A client that keeps its cookies. */
    private final class Browser {
        private String cookie = "";

        Slot get(ServiceRoute route) {
            RequestHead head = Requests.head("GET / HTTP/1.1\r\nHost: h\r\n" + cookie + "\r\n");
            Slot slot = visitor.of(head, FACTS, null, null).choose(route, 0).slot();
            byte[] line = visitor.cookieLine();
            if (line != null) {
                String text = new String(line, US_ASCII);
                cookie = text.substring("Set-".length(), text.indexOf(';')) + "\r\n";
            }
            return slot;
        }

        boolean wasGivenAPlace() {
            return visitor.cookieLine() != null;
        }
    }

    private List<Browser> browsers(int count) {
        List<Browser> browsers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            browsers.add(new Browser());
        }
        return browsers;
    }

    private static long onGreen(List<Browser> browsers, ServiceRoute route) {
        return browsers.stream()
                .filter(browser -> browser.get(route) == Slot.GREEN)
                .count();
    }

    private static void assertShare(long got, int weight) {
        double share = weight / 100.0;
        double margin = Z * Math.sqrt(CLIENTS * share * (1 - share));
        assertThat((double) got).isBetween(CLIENTS * share - margin, CLIENTS * share + margin);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 50})
    void new_clients_are_split_by_weight_and_stay_where_they_are(int weight) {
        ServiceRoute route = canary(weight);
        List<Browser> browsers = browsers(CLIENTS);
        List<Slot> first = browsers.stream().map(browser -> browser.get(route)).toList();

        assertShare(first.stream().filter(slot -> slot == Slot.GREEN).count(), weight);
        for (int round = 0; round < 3; round++) {
            assertThat(browsers.stream().map(browser -> browser.get(route)).toList())
                    .isEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 50})
    void clients_without_cookies_are_split_by_weight_for_each_request(int weight) {
        ServiceRoute route = canary(weight);

        assertShare(onGreen(browsers(CLIENTS), route), weight);
    }

    @Test
    void a_lower_weight_takes_clients_back_in_proportion_and_a_higher_one_moves_none_back() {
        List<Browser> browsers = browsers(CLIENTS);
        List<Slot> at20 =
                browsers.stream().map(browser -> browser.get(canary(20))).toList();
        List<Slot> at5 =
                browsers.stream().map(browser -> browser.get(canary(5))).toList();
        List<Slot> at50 =
                browsers.stream().map(browser -> browser.get(canary(50))).toList();

        assertShare(at5.stream().filter(slot -> slot == Slot.GREEN).count(), 5);
        assertShare(at50.stream().filter(slot -> slot == Slot.GREEN).count(), 50);
        for (int i = 0; i < CLIENTS; i++) {
            assertThat(at5.get(i) == Slot.GREEN && at20.get(i) == Slot.BLUE).isFalse();
            assertThat(at20.get(i) == Slot.GREEN && at50.get(i) == Slot.BLUE).isFalse();
        }
    }

    @Test
    void after_an_abort_nobody_is_on_the_canary_with_any_cookie() {
        List<Browser> browsers = browsers(1_000);
        onGreen(browsers, canary(50));

        assertThat(onGreen(browsers, canary(0))).isZero();
        assertThat(browsers).noneMatch(Browser::wasGivenAPlace);
    }

    @Test
    void a_cookie_of_another_canary_is_none() {
        List<Browser> browsers = browsers(CLIENTS);
        onGreen(browsers, canary(100, OTHER_KEY));

        assertShare(onGreen(browsers, canary(10)), 10);
        Browser old = new Browser();
        old.get(canary(100, OTHER_KEY));
        old.get(canary(10));
        assertThat(old.wasGivenAPlace()).isTrue();
    }

    @Test
    void a_client_with_a_place_is_given_no_other() {
        Browser browser = new Browser();
        browser.get(canary(10));
        assertThat(browser.wasGivenAPlace()).isTrue();

        browser.get(canary(30));
        assertThat(browser.wasGivenAPlace()).isFalse();
    }

    @Test
    void everybody_is_on_a_canary_of_all() {
        assertThat(onGreen(browsers(1_000), canary(100))).isEqualTo(1_000);
    }

    @Test
    void a_canary_that_does_not_work_leaves_its_clients_to_the_active_slot() {
        green.connectFailed();
        greenToo.probed(false, true);

        assertThat(onGreen(browsers(100), canary(100))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void within_each_slot_the_targets_share_what_comes_to_it(Balance balance) {
        ServiceRoute route = route(Optional.of(new Canary(50, KEY)), false, balance);
        int[] got = new int[5];
        for (int i = 0; i < 4_000; i++) {
            RequestHead head = Requests.get("h", "/");
            got[
                    visitor.of(head, FACTS, null, null)
                            .choose(route, 0)
                            .target()
                            .tcp()
                            .port()]++;
        }

        assertThat(got[1]).isBetween(got[2] - 1, got[2] + 1);
        assertThat(got[3]).isBetween(got[4] - 1, got[4] + 1);
    }

    @Test
    void a_request_whose_target_could_not_be_reached_goes_to_another_of_its_slot_first() {
        ServiceRoute route = canary(10);

        assertThat(route.insteadOf(green, null, 0)).isSameAs(greenToo);
        assertThat(route.insteadOf(blue, null, 0)).isSameAs(blueToo);
        greenToo.connectFailed();
        assertThat(route.insteadOf(green, null, 0).slot()).isEqualTo(Slot.BLUE);
    }

    @Test
    void without_a_canary_a_request_that_failed_at_the_idle_slot_goes_to_the_active_one() {
        assertThat(canary(0).insteadOf(green, null, 0).slot()).isEqualTo(Slot.BLUE);
    }

    @ParameterizedTest
    @EnumSource
    void a_preview_gets_its_slot_whatever_the_canary(Slot slot) {
        for (ServiceRoute route : List.of(canary(0), canary(50))) {
            RequestHead head = Requests.get("h", "/");

            assertThat(visitor.of(head, FACTS, slot, null).choose(route, 0).slot())
                    .isEqualTo(slot);
            assertThat(visitor.cookieLine()).isNull();
            assertThat(visitor.isHeld()).isFalse();
        }
    }

    @ParameterizedTest
    @NullSource
    @EnumSource
    void a_paused_service_holds_its_requests_and_previews_too(Slot slot) {
        ServiceRoute paused = route(Optional.empty(), true, Balance.ROUND_ROBIN);

        assertThat(visitor.of(Requests.get("h", "/"), FACTS, slot, null).choose(paused, 0))
                .isNull();
        assertThat(visitor.isHeld()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_preview_that_has_waited_goes_to_the_slot_that_it_asked_for(Slot slot) {
        assertThat(visitor.ofWaiting(slot, null, null).choose(canary(0), 0).slot())
                .isEqualTo(slot);
    }

    @Test
    void a_preview_of_a_drained_slot_is_refused_with_a_cause_of_its_own() {
        green.closeToPreviews();
        greenToo.closeToPreviews();

        assertThat(visitor.of(Requests.get("h", "/"), FACTS, Slot.GREEN, null).choose(canary(0), 0))
                .isNull();
        assertThat(visitor.isHeld()).isFalse();
        assertThat(visitor.isDrained()).isTrue();
        assertThat(visitor.of(Requests.get("h", "/"), FACTS, null, null)
                        .choose(canary(0), 0)
                        .slot())
                .isEqualTo(Slot.BLUE);
    }

    @Test
    void a_preview_goes_to_the_target_of_its_slot_that_is_not_drained() {
        green.closeToPreviews();
        greenToo.connectFailed();

        for (int i = 0; i < 4; i++) {
            assertThat(visitor.of(Requests.get("h", "/"), FACTS, Slot.GREEN, null)
                            .choose(canary(0), 0))
                    .isSameAs(greenToo);
        }
    }

    @Test
    void a_slot_without_targets_in_rotation_is_not_a_drained_one() {
        ServiceRoute empty = new ServiceRoute(
                Matches.ofAll("default", Balance.ROUND_ROBIN),
                service(Optional.empty(), false),
                List.of(blue),
                List.of(),
                List.of(),
                LOOPS,
                new AssetBridge.End(System.nanoTime(), System.nanoTime()));

        assertThat(visitor.of(Requests.get("h", "/"), FACTS, Slot.GREEN, null).choose(empty, 0))
                .isNull();
        assertThat(visitor.isDrained()).isFalse();
    }

    @Test
    void no_request_whose_target_failed_goes_to_a_slot_that_a_canary_has_left() {
        assertThat(canary(0).insteadOf(green, null, 0).slot()).isEqualTo(Slot.BLUE);
        assertThat(canary(0).insteadOf(blue, null, 0).slot()).isEqualTo(Slot.BLUE);
    }

    @Test
    void a_request_that_has_waited_goes_to_the_active_slot() {
        assertThat(visitor.ofWaiting(null, null, null).choose(canary(100), 0).slot())
                .isEqualTo(Slot.BLUE);
        assertThat(visitor.cookieLine()).isNull();
    }

    private WaitingPlace placeWhileHeld(ServiceRoute route, String cookie) {
        RequestHead head = Requests.head("GET / HTTP/1.1\r\nHost: h\r\n" + cookie + "\r\n");
        assertThat(visitor.of(head, FACTS, null, null).choose(route.held(true), 0))
                .isNull();
        assertThat(visitor.isHeld()).isTrue();
        assertThat(visitor.isPaused()).isFalse();
        return visitor.waitingPlace();
    }

    @Test
    void a_request_that_a_hold_has_kept_keeps_its_place_in_the_canary() {
        Browser browser = new Browser();
        Slot before = browser.get(canary(50));
        WaitingPlace place = placeWhileHeld(canary(50), browser.cookie);

        assertThat(visitor.ofWaiting(null, null, place).choose(canary(50), 0).slot())
                .isEqualTo(before);
        assertThat(visitor.cookieLine()).isNull();
        assertThat(visitor.ofWaiting(null, null, place).choose(canary(100), 0).slot())
                .isEqualTo(Slot.GREEN);
        assertThat(visitor.ofWaiting(null, null, place).choose(canary(0), 0).slot())
                .isEqualTo(Slot.BLUE);
    }

    @Test
    void a_request_that_a_hold_has_kept_is_given_its_place_in_the_canary_with_its_answer() {
        WaitingPlace place = placeWhileHeld(canary(100), "");

        assertThat(visitor.ofWaiting(null, null, place).choose(canary(100), 0).slot())
                .isEqualTo(Slot.GREEN);
        assertThat(new String(visitor.cookieLine(), US_ASCII)).startsWith("Set-Cookie: turnout_slot=");
    }

    @Test
    void a_place_in_another_canary_is_none() {
        WaitingPlace place = placeWhileHeld(canary(100, OTHER_KEY), "");

        assertThat(visitor.ofWaiting(null, null, place).choose(canary(100), 0).slot())
                .isEqualTo(Slot.BLUE);
        assertThat(visitor.cookieLine()).isNull();
    }

    @Test
    void connections_are_kept_to_targets_that_get_requests_unasked() {
        assertThat(canary(0).sendsTo(green)).isFalse();
        assertThat(canary(1).sendsTo(green)).isTrue();
        assertThat(canary(0).sendsTo(blue)).isTrue();
    }
}
