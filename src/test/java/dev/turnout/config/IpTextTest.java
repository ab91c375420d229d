package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 5952, section 4. */
final class IpTextTest {

    private static InetAddress ipv6(String text) throws UnknownHostException {
        return Inet6Address.getByAddress(null, NetUtil.createByteArrayFromIpAddressString(text), -1);
    }

    @ParameterizedTest
    @CsvSource({
        "0:0:0:0:0:0:0:1, ::1",
        "0:0:0:0:0:0:0:0, ::",
        "2001:0DB8:0:0:0:0:0:1, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "FE80:0:0:0:0:0:0:A, fe80::a",
        "1:0:0:0:0:0:0:0, 1::"
    })
    void an_ipv6_address_is_as_short_as_it_can_be(String given, String text) throws UnknownHostException {
        assertThat(IpText.of(ipv6(given))).isEqualTo(text);
    }

    @Test
    void a_zone_is_left_out() throws UnknownHostException {
        byte[] bytes = ipv6("fe80::1").getAddress();
        assertThat(IpText.of(Inet6Address.getByAddress(null, bytes, 3))).isEqualTo("fe80::1");
    }

    @Test
    void an_ipv4_mapped_address_is_written_as_ipv4() throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = -1;
        bytes[11] = -1;
        bytes[12] = (byte) 192;
        bytes[14] = 2;
        bytes[15] = (byte) 255;
        assertThat(IpText.of(Inet6Address.getByAddress(null, bytes, -1))).isEqualTo("192.0.2.255");
        assertThat(IpText.of(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) 200})))
                .isEqualTo("10.0.0.200");
    }

    @ParameterizedTest
    @CsvSource({
        "0:0:0:0:0:0:0:1, ::1",
        "fe80:0:0:0:0:0:0:1%eth0, fe80::1",
        "::ffff:192.0.2.1, 192.0.2.1",
        "127.0.0.1, 127.0.0.1",
        "localhost, localhost"
    })
    void an_address_that_is_given_as_text_is_written_in_the_same_way(String given, String text) {
        assertThat(IpText.of(given)).isEqualTo(text);
    }

    @Test
    void an_ipv6_address_stands_in_brackets_before_its_port() throws UnknownHostException {
        assertThat(IpText.withPort(new InetSocketAddress(ipv6("::1"), 80))).isEqualTo("[::1]:80");
        assertThat(IpText.withPort(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 80)))
                .isEqualTo("127.0.0.1:80");
    }
}
