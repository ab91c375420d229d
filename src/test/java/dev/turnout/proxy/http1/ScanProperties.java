package dev.turnout.proxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * What holds of every scan of every bytes, whatever the message is: it stays within its bounds, how the bytes were
 * split cannot matter, nor what was scanned before, nor the limit unless it is reached.
 */
final class ScanProperties {

    private static final byte[] POISONS = {0, '\t', '\n', '\r', ' ', '0', ':', 'a', (byte) 0xff};
    private static final int MOST_PREFIXES = 64;

    private ScanProperties() {}

    /**
     * Checks them.
     *
     * @param scanners makes a scanner for a limit in bytes
     * @param limit to be used
     */
    static void hold(byte[] input, IntFunction<ScanOutcome.Scanner> scanners, int limit) {
        ScanOutcome.Scanner scanner = scanners.apply(limit);
        ScanOutcome verdict = ScanOutcome.of(scanner, input);
        staysWithinItsBounds(input, scanner, verdict);
        doesNotDependOnSplits(input, scanner, verdict);
        assertThat(ScanOutcome.of(scanners.apply(limit), input))
                .as("of a new scanner")
                .isEqualTo(verdict);
        dependsOnTheLimitOnlyWhereItIsReached(input, scanners, verdict, limit);
    }

    private static void staysWithinItsBounds(byte[] input, ScanOutcome.Scanner scanner, ScanOutcome verdict) {
        byte[] framed = new byte[input.length + 8];
        for (byte poison : POISONS) {
            Arrays.fill(framed, poison);
            System.arraycopy(input, 0, framed, 3, input.length);
            ScanOutcome framedVerdict = ScanOutcome.of(scanner, framed, 3, 3 + input.length);
            if (!framedVerdict.equals(verdict)) {
                throw new AssertionError(framedVerdict + " with " + poison + " around, but " + verdict + " without");
            }
        }
    }

    private static void doesNotDependOnSplits(byte[] input, ScanOutcome.Scanner scanner, ScanOutcome whole) {
        boolean rejected = false;
        int stride = 1 + input.length / MOST_PREFIXES;
        for (int length = 0; length < input.length; length++) {
            boolean endsInCr = length > 0 && input[length - 1] == '\r';
            if (length % stride != 0 && !endsInCr) {
                continue;
            }
            // In an array of its own, whose end stops a scan that reads on.
            ScanOutcome prefix = ScanOutcome.of(scanner, Arrays.copyOf(input, length));
            boolean mustBeWhole = rejected || whole.isAccepted() && length >= whole.end();
            boolean mayBeWhole = mustBeWhole || whole.isRejected();
            if (!(mayBeWhole && prefix.equals(whole)) && (mustBeWhole || prefix.end() != Scan.INCOMPLETE)) {
                throw new AssertionError(prefix + " of the first " + length + " bytes, but " + whole + " of all");
            }
            rejected |= prefix.isRejected();
        }
    }

    private static void dependsOnTheLimitOnlyWhereItIsReached(
            byte[] input, IntFunction<ScanOutcome.Scanner> scanners, ScanOutcome verdict, int limit) {
        ScanOutcome lower = ScanOutcome.of(scanners.apply(limit / 2), input);
        if (lower.isRejected() && lower.isForSize()) {
            assertThat(input.length).isGreaterThanOrEqualTo(limit / 2);
            assertThat(verdict.isAccepted() && verdict.end() <= limit / 2).isFalse();
        } else {
            assertThat(lower).as("with half the limit").isEqualTo(verdict);
        }
    }
}
