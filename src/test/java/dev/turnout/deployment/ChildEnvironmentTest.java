package dev.turnout.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChildEnvironmentTest {

    @Test
    void a_locale_without_letters_is_replaced() {
        assertThat(replaced(Map.of())).containsEntry("LC_ALL", "C.UTF-8");
        assertThat(replaced(Map.of("LC_ALL", "POSIX", "LANG", "ko_KR.UTF-8"))).containsEntry("LC_ALL", "C.UTF-8");
        assertThat(replaced(Map.of("LC_ALL", "", "LANG", "C"))).containsEntry("LC_ALL", "C.UTF-8");
    }

    @Test
    void the_operator_s_own_locale_stays() {
        assertThat(replaced(Map.of("LANG", "ko_KR.UTF-8"))).containsOnlyKeys("LANG");
        assertThat(replaced(Map.of("LC_CTYPE", "en_US.UTF-8", "LANG", "C"))).doesNotContainKey("LC_ALL");
    }

    private static Map<String, String> replaced(Map<String, String> environment) {
        Map<String, String> child = new HashMap<>(environment);
        ChildEnvironment.replaceBare(child);
        return child;
    }
}
