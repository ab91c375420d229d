package dev.turnout.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.ConfigReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks that read files of the system: each with the files of a good machine and of a bad machine. */
final class SystemChecksTest {

    private static final String NO_CAPABILITIES = "Name:\tjava\nCapEff:\t0000000000000000\n";
    private static final String BIND_CAPABILITY = "Name:\tjava\nCapEff:\t0000000000000400\n";
    private static final String UNIT = "[Service]\nUser=turnout\nType=notify\nTimeoutStopSec=45\nLimitNOFILE=65536\n";

    @TempDir
    private Path root;

    private SystemTree tree;

    @BeforeEach
    void plant() {
        tree = new SystemTree(root);
    }

    private List<Finding> portRights(int port) {
        return new PortRightsCheck(port, "turnout.listen.port", tree.units().hasSocket(), tree.files(), tree.units())
                .look();
    }

    private List<Finding> unitFile() {
        return new UnitFileCheck(tree.units(), Duration.ofSeconds(30)).look();
    }

    @Test
    void a_configuration_without_errors_is_good() {
        Findings.only(new ConfigurationCheck(new ConfigReport(List.of(), List.of()), List.of()).look(), Severity.GOOD);
    }

    @Test
    void each_error_and_each_warning_of_the_configuration_is_a_finding() {
        List<Finding> findings =
                new ConfigurationCheck(new ConfigReport(List.of("bad key"), List.of("odd key")), List.of()).look();

        assertThat(findings).extracting(Finding::severity).containsExactly(Severity.ERROR, Severity.WARNING);
        assertThat(findings.get(0).seen().english()).isEqualTo("bad key");
    }

    @Test
    void a_configuration_file_that_cannot_be_read_is_told() {
        Finding finding = Findings.only(
                new ConfigurationCheck(new ConfigReport(List.of(), List.of()), List.of(Path.of("/etc/x"))).look(),
                Severity.ADVICE);

        assertThat(finding.seen().english()).contains("/etc/x");
    }

    @Test
    void a_port_from_1024_on_needs_no_right() {
        Findings.only(portRights(8000), Severity.GOOD);
    }

    @Test
    void port_80_needs_a_right_that_an_ordinary_user_lacks() throws IOException {
        tree.with("proc/self/status", NO_CAPABILITIES);

        assertThat(Findings.only(portRights(80), Severity.ERROR).advice().english())
                .contains("CAP_NET_BIND_SERVICE")
                .contains("turnout.listen.port");
    }

    @Test
    void port_80_is_free_for_who_has_the_capability() throws IOException {
        tree.with("proc/self/status", BIND_CAPABILITY);

        Findings.only(portRights(80), Severity.GOOD);
    }

    @Test
    void port_80_is_free_where_the_system_says_so() throws IOException {
        tree.with("proc/self/status", NO_CAPABILITIES).with("proc/sys/net/ipv4/ip_unprivileged_port_start", "80\n");

        Findings.only(portRights(80), Severity.GOOD);
    }

    @Test
    void the_unit_may_have_the_right_that_this_user_lacks() throws IOException {
        tree.with("proc/self/status", NO_CAPABILITIES).with("etc/systemd/system/turnout.service", UNIT);
        Findings.only(portRights(80), Severity.ERROR);

        tree.with(
                "etc/systemd/system/turnout.service.d/port.conf",
                "[Service]\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n");
        Findings.only(portRights(80), Severity.GOOD);
    }

    @Test
    void with_a_socket_unit_systemd_opens_the_port() throws IOException {
        tree.with("proc/self/status", NO_CAPABILITIES).with("lib/systemd/system/turnout.socket", "[Socket]\n");

        Findings.only(portRights(80), Severity.GOOD);
    }

    @Test
    void with_an_enabled_socket_for_https_systemd_opens_that_port() throws IOException {
        tree.with("proc/self/status", NO_CAPABILITIES).with("lib/systemd/system/turnout-tls.socket", "[Socket]\n");
        assertThat(tree.units().hasTlsSocket()).isFalse();

        tree.with("etc/systemd/system/sockets.target.wants/turnout-tls.socket", "[Socket]\n");
        assertThat(tree.units().hasTlsSocket()).isTrue();
    }

    @Test
    void the_last_value_that_a_unit_gives_a_variable_counts() throws IOException {
        assertThat(tree.units().variable("TURNOUT_STATE_DIRECTORY")).isEmpty();

        tree.with(
                "lib/systemd/system/turnout.service",
                "[Service]\nEnvironment=TURNOUT_STATE_DIRECTORY=/var/lib/turnout\nEnvironment=\"A=b\" C=d\n");
        assertThat(tree.units().variable("TURNOUT_STATE_DIRECTORY")).contains("/var/lib/turnout");
        assertThat(tree.units().variable("A")).contains("b");

        tree.with(
                "etc/systemd/system/turnout.service.d/own.conf",
                "[Service]\nEnvironment=TURNOUT_STATE_DIRECTORY=/srv/turnout\n");
        assertThat(tree.units().variable("TURNOUT_STATE_DIRECTORY")).contains("/srv/turnout");
    }

    @Test
    void a_machine_without_the_unit_is_not_judged() {
        assertThat(unitFile()).isEmpty();
    }

    @Test
    void a_unit_that_leaves_time_for_the_drain_is_good() throws IOException {
        tree.with("lib/systemd/system/turnout.service", UNIT);

        Findings.only(unitFile(), Severity.GOOD);
    }

    @ParameterizedTest
    @CsvSource({
        "TimeoutStopSec=20, ERROR, TimeoutStopSec=45",
        "TimeoutStopSec=30s, ERROR, TimeoutStopSec=45",
        "TimeoutStopSec=29 s 999ms, ERROR, TimeoutStopSec=45",
        "TimeoutStopSec=0.5min, ERROR, TimeoutStopSec=45",
        "TimeoutSec=20, ERROR, TimeoutStopSec=45",
        "LimitNOFILE=, WARNING, LimitNOFILE",
        "Type=simple, WARNING, Type=notify"
    })
    void a_unit_that_gets_in_the_way_is_a_finding(String line, Severity severity, String advice) throws IOException {
        tree.with("lib/systemd/system/turnout.service", UNIT)
                .with("etc/systemd/system/turnout.service.d/own.conf", "[Service]\n" + line + "\n");

        assertThat(Findings.only(unitFile(), severity).advice().english()).contains(advice);
    }

    @Test
    void the_unit_that_is_shipped_drives_nginx_with_its_drop_in_only() throws IOException {
        NginxUnitCheck check = new NginxUnitCheck(tree.units(), Path.of("/etc/nginx/conf.d/service-url.inc"));
        assertThat(check.look()).isEmpty();

        tree.with("lib/systemd/system/turnout.service", Files.readString(Path.of("deploy/systemd/turnout.service")));
        assertThat(check.look())
                .hasSize(3)
                .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(Severity.ERROR))
                .allSatisfy(finding -> assertThat(finding.advice().english()).contains("nginx-mode.conf"))
                .extracting(finding -> finding.seen().english())
                .anySatisfy(seen -> assertThat(seen).contains("write /etc/nginx/conf.d/service-url.inc"))
                .anySatisfy(seen -> assertThat(seen).contains("reload nginx"))
                .anySatisfy(seen -> assertThat(seen).contains("ProtectProc"));

        tree.with(
                "etc/systemd/system/turnout.service.d/nginx-mode.conf",
                Files.readString(Path.of("nginx-compat/nginx-mode.conf")));
        Findings.only(check.look(), Severity.GOOD);

        tree.with("etc/systemd/system/sockets.target.wants/turnout.socket", "[Socket]\n");
        assertThat(Findings.only(check.look(), Severity.WARNING).advice().english())
                .contains("disable --now turnout.socket");
    }

    @Test
    void the_last_of_the_two_keys_for_the_stop_time_counts() throws IOException {
        tree.with("lib/systemd/system/turnout.service", UNIT)
                .with("etc/systemd/system/turnout.service.d/own.conf", "TimeoutSec=20\nTimeoutStopSec=45\n");

        Findings.only(unitFile(), Severity.GOOD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2min", "1min 30s", "30s1ms", "31 seconds", "1h", "0.51min", "0", "infinity"})
    void a_stop_time_that_is_longer_than_the_drain_or_without_end_is_enough(String span) throws IOException {
        tree.with("lib/systemd/system/turnout.service", UNIT.replace("TimeoutStopSec=45", "TimeoutStopSec=" + span));

        Findings.only(unitFile(), Severity.GOOD);
    }

    @Test
    void the_queue_of_new_connections_is_as_long_as_turnout_asks_for_or_it_is_a_finding() throws IOException {
        tree.with("proc/sys/net/core/somaxconn", "4096\n");
        Findings.only(new BacklogCheck(tree.files()).look(), Severity.GOOD);

        tree.with("proc/sys/net/core/somaxconn", "128\n");
        assertThat(Findings.only(new BacklogCheck(tree.files()).look(), Severity.WARNING)
                        .seen()
                        .english())
                .contains("128");
    }

    @Test
    void connections_that_wait_migrate_to_a_successor_or_it_is_a_finding() throws IOException {
        tree.with("proc/sys/net/ipv4/tcp_migrate_req", "0\n");
        Findings.only(new MigrateCheck(true, tree.files()).look(), Severity.WARNING);
        assertThat(new MigrateCheck(false, tree.files()).look()).isEmpty();

        tree.with("proc/sys/net/ipv4/tcp_migrate_req", "1\n");
        Findings.only(new MigrateCheck(true, tree.files()).look(), Severity.GOOD);
    }

    @ParameterizedTest
    @CsvSource({"yes, GOOD", "no, WARNING", "'', ADVICE"})
    void the_clock_is_as_systemd_says(String answer, Severity severity) {
        Optional<String> said = answer.isEmpty() ? Optional.empty() : Optional.of(answer + "\n");

        Findings.only(new ClockCheck(tree.files(), () -> said).look(), severity);
    }

    @Test
    void the_limit_of_files_is_that_of_the_process_that_runs() throws IOException {
        tree.with("proc/42/limits", "Max open files            1024                 4096                 files     \n")
                .with("lib/systemd/system/turnout.service", UNIT);

        Finding finding = Findings.only(
                new FileLimitCheck(30_000, OptionalLong.of(42), tree.files(), tree.units()).look(), Severity.WARNING);

        assertThat(finding.seen().english()).contains("1024").contains("30000");
        Findings.only(new FileLimitCheck(1_000, OptionalLong.of(42), tree.files(), tree.units()).look(), Severity.GOOD);
    }

    @Test
    void the_limit_of_files_is_the_units_if_turnout_does_not_run() throws IOException {
        tree.with("lib/systemd/system/turnout.service", UNIT);

        Findings.only(
                new FileLimitCheck(65_537, OptionalLong.empty(), tree.files(), tree.units()).look(), Severity.WARNING);
        Findings.only(
                new FileLimitCheck(65_536, OptionalLong.empty(), tree.files(), tree.units()).look(), Severity.GOOD);
    }

    @ParameterizedTest
    @CsvSource({"10737418240, GOOD", "104857600, WARNING", "1048576, ERROR"})
    void a_disk_that_is_nearly_full_is_a_finding(long usable, Severity severity) {
        Findings.only(new DiskCheck("/var/lib/turnout", OptionalLong.of(usable)).look(), severity);
    }
}
