package dev.turnout.proxy.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HpackReaderTest {

    private final HpackReader reader = new HpackReader();
    private final HpackTable table = new HpackTable();

    @Test
    void reads_the_literals_of_appendix_c2() {
        reads("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", "custom-key: custom-header");
        assertThat(table.size()).isEqualTo(55);
        reads("040c 2f73 616d 706c 652f 7061 7468", ":path: /sample/path");
        reads("1008 7061 7373 776f 7264 0673 6563 7265 74", "password: secret");
        reads("82", ":method: GET");
        assertThat(table.count()).isOne();
    }

    @Test
    void reads_the_requests_of_appendix_c3() {
        reads("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", FIRST_REQUEST);
        assertThat(table.size()).isEqualTo(57);
        reads("8286 84be 5808 6e6f 2d63 6163 6865", SECOND_REQUEST);
        assertThat(table.size()).isEqualTo(110);
        reads("8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65", THIRD_REQUEST);
        assertThat(table.size()).isEqualTo(164);
    }

    @Test
    void reads_the_huffman_coded_requests_of_appendix_c4() {
        reads("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", FIRST_REQUEST);
        reads("8286 84be 5886 a8eb 1064 9cbf", SECOND_REQUEST);
        reads("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf", THIRD_REQUEST);
        assertThat(table.size()).isEqualTo(164);
    }

    @Test
    void reads_the_responses_of_appendix_c5_with_their_evictions() {
        table.resize(256);
        reads(
                "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32"
                        + "3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
                FIRST_RESPONSE);
        assertThat(table.size()).isEqualTo(222);
        reads("4803 3330 37c1 c0bf", SECOND_RESPONSE);
        assertThat(table.size()).isEqualTo(222);
        reads(
                "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970"
                        + "7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d"
                        + "6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
                THIRD_RESPONSE);
        assertThat(table.size()).isEqualTo(215);
        assertThat(table.count()).isEqualTo(3);
    }

    @Test
    void reads_the_huffman_coded_responses_of_appendix_c6_with_their_evictions() {
        table.resize(256);
        reads(
                "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad"
                        + "1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
                FIRST_RESPONSE);
        reads("4883 640e ffc1 c0bf", SECOND_RESPONSE);
        reads(
                "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2"
                        + "e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106"
                        + "3d50 07",
                THIRD_RESPONSE);
        assertThat(table.size()).isEqualTo(215);
    }

    private static final List<String> FIRST_REQUEST =
            List.of(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
    private static final List<String> SECOND_REQUEST = List.of(
            ":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com", "cache-control: no-cache");
    private static final List<String> THIRD_REQUEST = List.of(
            ":method: GET",
            ":scheme: https",
            ":path: /index.html",
            ":authority: www.example.com",
            "custom-key: custom-value");
    private static final List<String> FIRST_RESPONSE = List.of(
            ":status: 302",
            "cache-control: private",
            "date: Mon, 21 Oct 2013 20:13:21 GMT",
            "location: https://www.example.com");
    private static final List<String> SECOND_RESPONSE = List.of(
            ":status: 307",
            "cache-control: private",
            "date: Mon, 21 Oct 2013 20:13:21 GMT",
            "location: https://www.example.com");
    private static final List<String> THIRD_RESPONSE = List.of(
            ":status: 200",
            "cache-control: private",
            "date: Mon, 21 Oct 2013 20:13:22 GMT",
            "location: https://www.example.com",
            "content-encoding: gzip",
            "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1");

    /** RFC 7541, sections 2.3.3, 4.2, 5.1, 5.2 and 6. */
    @ParameterizedTest
    @CsvSource({
        "80, the index 0",
        "be, an index behind the last entry",
        "ff80808080807f, an index that is too large for any table",
        "ffffffffffffff, a number without an end",
        "ff, a number that is cut",
        "40, a name that is cut",
        "4001, a name without its octets",
        "400161, a value that is missing",
        "4001610261, a value without its octets",
        "7e0161, a name of an entry that is not there",
        "00 7fffffffff07 61, a string that is longer than any block",
        "00 81ff 0161, a name with nothing but padding",
        "00 0161 81fe, a value with a zero in its padding",
        "3fe21f, a table that is larger than allowed",
        "82 20, a table size behind a field",
        "20 20 20, three table sizes"
    })
    void refuses_what_breaks_the_compression(String hex, String what) {
        byte[] block = Blocks.hex(hex);
        assertThat(reader.read(table, block, 0, block.length, new Collected()))
                .as(what)
                .isEqualTo(HpackReader.Outcome.BROKEN);
    }

    @Test
    void takes_a_number_in_more_octets_than_it_needs() {
        reads("0f 9180 00 0161", "cookie: a");
    }

    @Test
    void takes_two_table_sizes_before_a_block() {
        reads("40 0161 0162", "a: b");
        reads("20 3fe11f 40 0163 0164", "c: d");
        assertThat(table.count()).isOne();
        reads("be", "c: d");
    }

    @Test
    void empties_the_table_for_an_entry_that_is_larger() {
        table.resize(40);
        reads("40 0161 0162", "a: b");
        assertThat(table.count()).isOne();
        reads("40 0161 09 626262626262626262", "a: bbbbbbbbb");
        assertThat(table.count()).isZero();
        assertThat(table.size()).isZero();
    }

    /** RFC 7541, section 4.4. */
    @Test
    void keeps_the_name_of_an_entry_that_goes_for_the_one_it_names() {
        table.resize(48);
        reads("40 05 6e616d6531 05 6161616161", "name1: aaaaa");
        reads("7e 08 6262626262626262", "name1: bbbbbbbb");
        assertThat(table.count()).isOne();
        reads("be", "name1: bbbbbbbb");
    }

    @Test
    void wants_a_smaller_table_first_once_one_has_been_acknowledged() {
        reads("40 0161 0162", "a: b");
        table.acknowledged(0);
        byte[] block = Blocks.hex("82");
        assertThat(reader.read(table, block, 0, block.length, new Collected())).isEqualTo(HpackReader.Outcome.BROKEN);
        reads("20 82", ":method: GET");
        assertThat(table.count()).isZero();
        reads("82", ":method: GET");
    }

    @Test
    void lets_a_larger_table_be_used_once_it_has_been_acknowledged() {
        table.acknowledged(8192);
        reads("3fe13f 82", ":method: GET");
    }

    @Test
    void gives_up_a_block_whose_few_octets_are_copied_as_many() {
        // A name of 3,900 octets, and then literals with that name and no value: each is put into the table again.
        byte[] block = new byte[3 + 2 + 3_900 + 1 + 2 * 10_000];
        byte[] begin = Blocks.hex("40 7f bd1d");
        System.arraycopy(begin, 0, block, 0, begin.length);
        Arrays.fill(block, begin.length, begin.length + 3_900, (byte) 'x');
        int at = begin.length + 3_900 + 1;
        int fields = 0;
        while (at + 2 <= block.length) {
            block[at] = (byte) (0x40 | 62);
            at += 2;
            fields++;
        }
        int[] taken = {0};
        FieldSink sink = (names, a, b, values, c, d) -> taken[0]++;
        assertThat(reader.read(table, block, 0, at, sink)).isEqualTo(HpackReader.Outcome.TOO_COSTLY);
        assertThat(taken[0]).isBetween(200, 400).isLessThan(fields);
    }

    private void reads(String hex, List<String> lines) {
        byte[] block = Blocks.hex("00" + hex + "00");
        Collected collected = new Collected();
        assertThat(reader.read(table, block, 1, block.length - 1, collected)).isEqualTo(HpackReader.Outcome.WHOLE);
        assertThat(collected.lines()).isEqualTo(lines);
    }

    private void reads(String hex, String line) {
        reads(hex, List.of(line));
    }
}
