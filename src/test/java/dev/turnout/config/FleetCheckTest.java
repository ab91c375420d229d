package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The keys of a fleet")
final class FleetCheckTest {

    private static final String NEAR = "fleet.endpoints=http://127.0.0.1:2379";
    private static final String FAR = "fleet.endpoints=http://10.0.0.1:2379";
    private static final String SECURE = "fleet.endpoints=https://10.0.0.1:2379";

    private static ConfigReport check(String... settings) {
        return GivenSettings.check(GivenSettings.withTargets(settings), List.of());
    }

    private static ConfigReport with(String first, String... more) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return check(all.toArray(String[]::new));
    }

    @Test
    @DisplayName("are well with the nodes of etcd alone")
    void enough() {
        assertThat(check(NEAR).errors()).isEmpty();
        assertThat(check(NEAR).warnings()).isEmpty();
        assertThat(check(SECURE).warnings()).isEmpty();
    }

    @Test
    @DisplayName("mean nothing without the nodes of etcd, which is said")
    void alone() {
        assertThat(check("fleet.member=m1").errors()).isEmpty();
        assertThat(check("fleet.member=m1").warnings())
                .singleElement()
                .asString()
                .contains("in no fleet", "fleet.member");
    }

    @Test
    @DisplayName("are warned of if whoever is between could switch")
    void plain() {
        assertThat(check(FAR).warnings()).singleElement().asString().contains("over plain HTTP");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mode=nginx | a reload of nginx",
                "fleet.user=turnout | a user has a password",
                "fleet.password-file=/etc/password | a user has a password",
                "fleet.ca-file=/etc/ca.pem | over plain HTTP",
                "fleet.cert=/etc/cert.pem | over plain HTTP",
                "fleet.lease=1s | no lease that is shorter",
                "fleet.in-doubt=500ms | a vote is taken back first",
                "fleet.hold=5s | a vote is taken back first",
                "fleet.flip=loose | strict or fast",
                "fleet.when-in-doubt=guess | serve or hold",
                "fleet.address=10.0.0.1 | fleet.address"
            })
    @DisplayName("are refused where they contradict each other or the mode")
    void refused(String setting, String why) {
        assertThat(with(NEAR, setting).errors())
                .anySatisfy(error -> assertThat(error.toString()).contains(why));
    }

    @Test
    @DisplayName("are refused with an address that no roster can have")
    void longAddress() {
        assertThat(with(NEAR, "fleet.address=" + "h".repeat(254) + ":9180").errors())
                .anySatisfy(error -> assertThat(error.toString()).contains("at most 253 characters"));
        assertThat(with(NEAR, "fleet.address=" + "h".repeat(253) + ":9180").errors())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "fleet.lease=2s",
        "fleet.in-doubt=501ms",
        "fleet.flip=fast",
        "fleet.when-in-doubt=hold",
        "fleet.leave-on-stop=true"
    })
    @DisplayName("are taken up to their bounds")
    void taken(String setting) {
        assertThat(with(NEAR, setting).errors()).isEmpty();
    }
}
