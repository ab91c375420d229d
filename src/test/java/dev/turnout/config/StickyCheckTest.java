package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What keeps clients at their targets is checked before anything starts")
final class StickyCheckTest {

    private static ConfigReport report(String... settings) {
        return GivenSettings.check(GivenSettings.withTargets(settings), List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "cookie", "JSESSIONID", "connect.sid"})
    void a_switch_or_the_name_of_a_cookie_is_taken(String value) {
        assertThat(report("sticky=" + value).errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "True", "a b", "a=b", "a;b", "turnout_sticky", "turnout_slot"})
    void what_is_no_name_of_a_cookie_is_refused(String value) {
        assertThat(report("sticky=" + value).errors())
                .singleElement()
                .asString()
                .startsWith("turnout.sticky=" + value)
                .contains("allowed is off, cookie, or the name of the application's session cookie");
    }

    @Test
    void nginx_chooses_its_targets_itself() {
        assertThat(report("mode=nginx", "sticky=cookie").errors())
                .singleElement()
                .asString()
                .startsWith("turnout.sticky=cookie")
                .contains("allowed with turnout.mode=nginx is off");
        assertThat(report("mode=nginx", "sticky=off").errors()).isEmpty();
    }
}
