package dev.turnout.proxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SipHashTest {

    /** The ninth of the vectors that its authors publish: key 00 to 0f, message 00 to 07. */
    @Test
    void hashes_as_its_authors_do() {
        SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

        assertThat(hash.of(0x0706050403020100L)).isEqualTo(Long.reverseBytes(0x6224939a79f5f593L));
    }

    @Test
    void each_half_of_the_key_counts() {
        long hash = new SipHash(1, 2).of(3);

        assertThat(new SipHash(1, 3).of(3)).isNotEqualTo(hash);
        assertThat(new SipHash(2, 2).of(3)).isNotEqualTo(hash);
        assertThat(new SipHash(1, 2).of(4)).isNotEqualTo(hash);
    }
}
