package dev.turnout.proxy.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** What holds for any first bytes of a connection. */
final class ProxyHeaderProperties {

    private ProxyHeaderProperties() {}

    /** Fails if a property does not hold for an input. */
    static void hold(byte[] input) {
        ProxyHeader whole = ProxyHeaderReader.read(input);
        boolean isOver = false;
        for (int length = 0; length <= input.length; length++) {
            ProxyHeader soFar = ProxyHeaderReader.read(Arrays.copyOf(input, length));
            if (isOver) {
                assertThat(soFar).as("a longer input").isEqualTo(whole);
            } else if (!(soFar instanceof ProxyHeader.Incomplete)) {
                assertThat(soFar).as("the first %d bytes", length).isEqualTo(whole);
                isOver = true;
            }
            if (soFar instanceof ProxyHeader.Complete complete) {
                assertThat(complete.length()).isLessThanOrEqualTo(length).isPositive();
            }
            if (length >= ProxyHeader.MOST_BYTES) {
                assertThat(soFar).isNotInstanceOf(ProxyHeader.Incomplete.class);
                return;
            }
        }
    }

    /** Fails if what the writer makes of an answer is not read as the same. */
    static void isWrittenAsRead(byte[] input) {
        if (ProxyHeaderReader.read(input) instanceof ProxyHeader.Complete complete
                && complete.source() != null
                && complete.destination() != null) {
            same(complete, ProxyHeaderWriter.text(complete.source(), complete.destination()));
            same(complete, ProxyHeaderWriter.binary(complete.source(), complete.destination()));
        }
    }

    private static void same(ProxyHeader.Complete complete, byte[] written) {
        ProxyHeader read = ProxyHeaderReader.read(written);
        assertThat(read)
                .isEqualTo(new ProxyHeader.Complete(written.length, complete.source(), complete.destination(), false));
    }
}
