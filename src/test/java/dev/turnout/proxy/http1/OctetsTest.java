package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OctetsTest {

    /** Longer than three words of eight octets, so that each place in a word and beside it occurs. */
    private static final int LENGTH = 27;

    private static int slowly(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (Octets.isValue(bytes[at]) || bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    @Test
    void text_ends_at_each_control_in_each_place_and_at_no_other_octet() {
        for (int octet = 0; octet < 256; octet++) {
            for (byte around : new byte[] {'a', ' ', '\t', '~', (byte) 0x80, (byte) 0xff}) {
                for (int place = 0; place < LENGTH; place++) {
                    byte[] bytes = new byte[LENGTH];
                    Arrays.fill(bytes, around);
                    bytes[place] = (byte) octet;
                    int expected = octet >= ' ' && octet != 0x7f || octet == '\t' ? LENGTH : place;

                    assertThat(Octets.endOfText(bytes, 0, LENGTH))
                            .as("octet %d at %d among %d", octet, place, around)
                            .isEqualTo(expected);
                    for (int from = 0; from < 9; from++) {
                        assertThat(Octets.endOfText(bytes, from, LENGTH - 1))
                                .isEqualTo(slowly(bytes, from, LENGTH - 1));
                    }
                }
            }
        }
    }

    @Test
    void a_token_ends_at_each_octet_that_is_none_in_each_place() {
        for (int octet = 0; octet < 256; octet++) {
            for (byte around : "aZ-z@[`{".getBytes(US_ASCII)) {
                for (int place = 0; place < LENGTH; place++) {
                    byte[] bytes = new byte[LENGTH];
                    Arrays.fill(bytes, around);
                    bytes[place] = (byte) octet;
                    int expected = 0;
                    while (expected < LENGTH && Octets.isToken(bytes[expected])) {
                        expected++;
                    }

                    assertThat(Octets.endOfToken(bytes, 0, LENGTH))
                            .as("octet %d at %d among %d", octet, place, around)
                            .isEqualTo(expected);
                }
            }
        }
    }

    /** Octets of all kinds lie side by side here, so that a mark of one could spoil that of its neighbour. */
    @Test
    void ends_are_found_among_octets_of_all_kinds() {
        Random random = new Random(1);
        byte[] kinds = {'a', 'Z', '-', '_', '1', ' ', '\t', '\r', '\n', ':', 0, 0x1f, 0x7f, (byte) 0x80, (byte) 0xff};
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[LENGTH];
            for (int i = 0; i < LENGTH; i++) {
                bytes[i] = kinds[random.nextInt(random.nextBoolean() ? 3 : kinds.length)];
            }
            int token = 0;
            while (token < LENGTH && Octets.isToken(bytes[token])) {
                token++;
            }

            assertThat(Octets.endOfToken(bytes, 0, LENGTH))
                    .as("%s", Arrays.toString(bytes))
                    .isEqualTo(token);
            assertThat(Octets.endOfText(bytes, 0, LENGTH))
                    .as("%s", Arrays.toString(bytes))
                    .isEqualTo(slowly(bytes, 0, LENGTH));
        }
    }

    @Test
    void words_are_compared_in_any_case_of_letters_and_in_nothing_else() {
        byte[] longest = "az-09.x-content-length/mn_`{@".getBytes(US_ASCII);
        for (int length = 1; length <= longest.length; length++) {
            byte[] word = Arrays.copyOf(longest, length);
            for (int place = 0; place < word.length; place++) {
                for (int octet = 0; octet < 256; octet++) {
                    byte[] bytes = word.clone();
                    bytes[place] = (byte) octet;
                    boolean isSame = octet < 128 && Character.toLowerCase(octet) == word[place];

                    assertThat(Octets.equalsIgnoreCase(bytes, 0, bytes.length, word))
                            .as("octet %d at %d of %d", octet, place, length)
                            .isEqualTo(isSame);
                }
            }
        }
        assertThat(Octets.equalsIgnoreCase(longest, 0, 4, longest)).isFalse();
        assertThat(Octets.equalsIgnoreCase(longest, 4, 4, new byte[0])).isTrue();
    }

    @Test
    void a_copy_is_what_was_copied_and_nothing_beside_it() {
        byte[] from = new byte[200];
        new Random(1).nextBytes(from);
        for (int count = 0; count < 100; count++) {
            for (int shift = 0; shift < 9; shift++) {
                byte[] to = new byte[150];
                Octets.copy(from, shift, to, 20 + shift, count);

                byte[] expected = new byte[150];
                System.arraycopy(from, shift, expected, 20 + shift, count);
                assertThat(to).as("%d from %d", count, shift).isEqualTo(expected);
            }
        }
    }

    @Test
    void a_number_is_written_as_it_is_read() {
        for (long number : new long[] {0, 1, -1, Long.MIN_VALUE, 0x0123456789abcdefL}) {
            byte[] bytes = new byte[18];

            assertThat(Octets.putHex(number, bytes, 1)).isEqualTo(17);
            assertThat(new String(bytes, 1, 16, US_ASCII)).isEqualTo(String.format("%016x", number));
            assertThat(Octets.hexNumber(bytes, 1)).isEqualTo(number);
        }
    }
}
