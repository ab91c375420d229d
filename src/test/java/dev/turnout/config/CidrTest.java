package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.net.InetAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks of addresses. */
@DisplayName("A block of addresses")
final class CidrTest {

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    private static InetAddress address(BigInteger number, int bytes) throws Exception {
        byte[] address = new byte[bytes];
        byte[] digits = number.toByteArray();
        int length = Math.min(bytes, digits.length);
        System.arraycopy(digits, digits.length - length, address, bytes - length, length);
        return InetAddress.getByAddress(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"170.85.170.85", "255.255.255.255", "0.0.0.0", "aa55:55aa:ff00:ff:f0f:f0f0:1:8000"})
    @DisplayName("of each length holds what differs behind its prefix, and nothing that differs in it")
    void each_bit(String text) throws Exception {
        InetAddress base = NetUtil.createInetAddressFromIpAddressString(text);
        int bytes = base.getAddress().length;
        for (int prefix = 0; prefix <= bytes * 8; prefix++) {
            int behind = bytes * 8 - prefix;
            InetAddress first = address(number(base).shiftRight(behind).shiftLeft(behind), bytes);
            Cidr block = new Cidr(first, prefix);
            assertThat(block.contains(base)).isTrue();
            for (int bit = 0; bit < bytes * 8; bit++) {
                InetAddress other = address(number(base).flipBit(bit), bytes);
                assertThat(block.contains(other))
                        .as("%s/%s and %s", first, prefix, other)
                        .isEqualTo(bit < behind);
            }
        }
    }

    @Test
    @DisplayName("of one family holds no address of the other")
    void families() {
        InetAddress four = NetUtil.createInetAddressFromIpAddressString("10.0.0.1");
        InetAddress six = NetUtil.createInetAddressFromIpAddressString("fd00::1");
        assertThat(Cidr.parse("::/0").contains(four)).isFalse();
        assertThat(Cidr.parse("0.0.0.0/0").contains(six)).isFalse();
        assertThat(Cidr.parse("::/0").contains(six)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "::ffff:203.0.113.0/120, 203.0.113.5, true",
        "::ffff:203.0.113.0/120, 203.0.114.5, false",
        "::ffff:203.0.113.7, 203.0.113.7, true",
        "::ffff:203.0.113.7, 203.0.113.8, false",
        "::ffff:203.0.113.7, ::1, false",
        "::ffff:0:0/96, 198.51.100.1, true",
        "::ffff:0:0/96, fd00::1, false",
    })
    @DisplayName("of IPv4 in the form of IPv6 is that of IPv4")
    void mapped(String block, String address, boolean isIn) {
        assertThat(Cidr.parse(block).contains(NetUtil.createInetAddressFromIpAddressString(address)))
                .isEqualTo(isIn);
    }

    @Test
    @DisplayName("that ends within the prefix of the mapped form is refused")
    void within_the_mapped_prefix() {
        assertThatThrownBy(() -> Cidr.parse("::ffff:0:0/90")).hasMessageContaining("bits set behind its prefix");
    }
}
