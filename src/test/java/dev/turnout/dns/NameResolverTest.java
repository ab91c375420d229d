package dev.turnout.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.HostPort;
import dev.turnout.routing.NameAnswer;
import dev.turnout.routing.NameAnswer.Failed;
import dev.turnout.routing.NameAnswer.Found;
import dev.turnout.routing.Target;
import dev.turnout.support.DnsServer;
import dev.turnout.support.DnsServer.Mood;
import dev.turnout.support.DnsServer.Record;
import dev.turnout.support.DnsServer.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisplayName("The targets behind a name are looked up at a real name server")
final class NameResolverTest {

    private static final Target APP = Target.parse("dns:app.internal:8080");
    private static final Target SERVICE = Target.parse("srv:_http._tcp.app.internal");

    private final DnsServer server = new DnsServer();
    private final NameResolver resolver = new NameResolver(() -> Optional.of(HostPort.parse(server.address())));

    @AfterEach
    void close() {
        server.close();
    }

    private static String found(NameAnswer answer) {
        assertThat(answer).isInstanceOf(Found.class);
        return ((Found) answer).targets() + " " + ((Found) answer).ttl().toSeconds();
    }

    private static String reason(NameAnswer answer) {
        assertThat(answer).isInstanceOf(Failed.class);
        return ((Failed) answer).reason();
    }

    @Test
    void every_address_of_both_kinds_is_a_target_for_the_shortest_of_their_times() {
        server.records(
                "app.internal",
                new Record("app.internal", Type.A, 30, "10.0.0.8"),
                new Record("app.internal", Type.A, 20, "10.0.0.7"),
                new Record("app.internal", Type.AAAA, 25, "fd00::1"));
        assertThat(found(resolver.lookUp(APP)))
                .isEqualTo("[10.0.0.7:8080, 10.0.0.8:8080, [fd00:0:0:0:0:0:0:1]:8080] 20");
    }

    @Test
    void a_scheme_holds_for_every_address() {
        server.addresses("app.internal", "10.0.0.7");
        assertThat(found(resolver.lookUp(Target.parse("https://dns:APP.internal:8443"))))
                .isEqualTo("[https://10.0.0.7:8443] 1");
    }

    @Test
    void an_alias_is_followed_in_the_answer_and_records_of_others_are_not_taken() {
        server.records(
                "app.internal",
                new Record("app.internal", Type.CNAME, 5, "real.internal"),
                new Record("real.internal", Type.A, 60, "10.0.0.9"),
                new Record("evil.internal", Type.A, 60, "10.6.6.6"));
        assertThat(found(resolver.lookUp(APP))).isEqualTo("[10.0.0.9:8080] 5");
    }

    @Test
    void the_hosts_with_the_lowest_priority_are_targets_at_their_ports() {
        server.records(
                "_http._tcp.app.internal",
                new Record("_http._tcp.app.internal", Type.SRV, 60, "10 5 8081 one.internal"),
                new Record("_http._tcp.app.internal", Type.SRV, 60, "10 5 8082 two.internal"),
                new Record("_http._tcp.app.internal", Type.SRV, 60, "20 5 8083 spare.internal"));
        server.addresses("one.internal", "10.0.0.1");
        server.addresses("two.internal", "10.0.0.2", "10.0.0.3");
        assertThat(found(resolver.lookUp(SERVICE))).isEqualTo("[10.0.0.1:8081, 10.0.0.2:8082, 10.0.0.3:8082] 1");
        server.remove("two.internal");
        assertThat(reason(resolver.lookUp(SERVICE))).isEqualTo("there is no such name");
    }

    @Test
    void an_answer_without_room_in_a_datagram_comes_over_tcp() {
        server.addresses(
                "app.internal",
                IntStream.rangeClosed(1, 60).mapToObj(i -> "10.0.1." + i).toArray(String[]::new));
        Found all = (Found) resolver.lookUp(APP);
        assertThat(all.targets()).hasSize(60);
        assertThat(server.overTcp()).isPositive();
    }

    @Test
    void more_addresses_than_there_may_be_are_no_answer() {
        server.addresses(
                "app.internal",
                IntStream.rangeClosed(1, 65).mapToObj(i -> "10.0.1." + i).toArray(String[]::new));
        assertThat(reason(resolver.lookUp(APP))).contains("65 addresses", "64");
    }

    /** RFC 4074, section 4.2. */
    @Test
    void a_name_server_that_denies_the_name_for_ipv6_says_that_there_are_ipv4_addresses_only() {
        assertThat(unknownOfIpv4Name(Mood.DENIES_FOR_IPV6)).isEmpty();
    }

    @Test
    void a_name_server_that_fails_for_ipv6_leaves_the_ipv4_addresses_and_says_so() {
        assertThat(unknownOfIpv4Name(Mood.FAILS_FOR_IPV6))
                .contains("for IPv6, the name server answers with the error 2");
    }

    /** Looks up a name with an IPv4 address, which is found, and returns what is not known beside that. */
    private Optional<String> unknownOfIpv4Name(Mood mood) {
        server.addresses("app.internal", "10.0.0.7");
        server.is(mood);
        NameAnswer answer = resolver.lookUp(APP);
        assertThat(found(answer)).isEqualTo("[10.0.0.7:8080] 1");
        return ((Found) answer).unknown();
    }

    @Test
    void a_name_without_ipv4_addresses_is_not_found_by_an_error_for_ipv6() {
        server.addresses("app.internal", "fd00::1");
        server.is(Mood.FAILS_FOR_IPV6);
        assertThat(reason(resolver.lookUp(APP))).isEqualTo("the name server answers with the error 2");
        server.is(Mood.DENIES_FOR_IPV6);
        assertThat(reason(resolver.lookUp(APP))).isEqualTo("there is no such name");
    }

    @Test
    void a_failure_says_why() {
        assertThat(reason(resolver.lookUp(APP))).isEqualTo("there is no such name");
        server.records("app.internal");
        assertThat(reason(resolver.lookUp(APP))).isEqualTo("the answer is empty");
        server.is(Mood.FAILS);
        assertThat(reason(resolver.lookUp(APP))).isEqualTo("the name server answers with the error 2");
    }

    @Test
    void a_server_that_is_silent_is_waited_for_a_bounded_time() {
        server.is(Mood.SILENT);
        long begun = System.nanoTime();
        assertThat(reason(resolver.lookUp(APP))).contains("no answer from " + server.address());
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void a_server_that_sends_its_answer_byte_by_byte_gains_no_time_by_that() {
        server.is(Mood.SLOW_OVER_TCP);
        assertThat(reason(resolver.lookUp(APP))).contains("no answer from " + server.address());
        assertThat(server.overTcp()).isPositive();
    }

    @Test
    void a_server_that_is_gone_is_named() {
        server.close();
        assertThat(reason(resolver.lookUp(APP))).contains(server.address());
    }

    @Test
    void answers_to_other_questions_and_bytes_without_meaning_are_passed_over() {
        server.addresses("app.internal", "10.0.0.7");
        server.is(Mood.DISTURBED);
        assertThat(found(resolver.lookUp(APP))).isEqualTo("[10.0.0.7:8080] 1");
    }

    @Test
    void the_name_servers_of_the_system_are_read_each_time(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("resolv.conf");
        NameResolver system = new NameResolver(Optional::empty, file);
        assertThat(reason(system.lookUp(APP))).contains(file.toString());
        Files.writeString(file, "# none\nsearch example\n");
        assertThat(reason(system.lookUp(APP))).isEqualTo(file + " names no name server");
    }
}
