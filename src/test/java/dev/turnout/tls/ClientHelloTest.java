package dev.turnout.tls;

import static dev.turnout.tls.HelloBytes.alpn;
import static dev.turnout.tls.HelloBytes.extension;
import static dev.turnout.tls.HelloBytes.groups;
import static dev.turnout.tls.HelloBytes.join;
import static dev.turnout.tls.HelloBytes.message;
import static dev.turnout.tls.HelloBytes.numbers;
import static dev.turnout.tls.HelloBytes.records;
import static dev.turnout.tls.HelloBytes.serverName;
import static dev.turnout.tls.HelloBytes.shortVector;
import static dev.turnout.tls.HelloBytes.signatures;
import static dev.turnout.tls.HelloBytes.typical;
import static dev.turnout.tls.HelloBytes.vector;
import static dev.turnout.tls.HelloBytes.versions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.tls.ClientHello.Progress;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ClientHelloTest {

    private static final int[] MODERN = {0x1301, 0xC02B, 0xC02F};

    private final ClientHello hello = new ClientHello();

    private Progress scan(byte[] bytes) {
        return hello.scan(Unpooled.wrappedBuffer(bytes));
    }

    private String name() {
        int start = hello.serverNameStart();
        return start < 0
                ? null
                : new String(hello.bytes(), start, hello.serverNameEnd() - start, StandardCharsets.US_ASCII);
    }

    @Test
    void the_hello_of_a_real_client_tells_its_name_and_its_protocols() throws GeneralSecurityException, SSLException {
        assertThat(scan(ofJdk("Shop.Example.COM", "TLSv1.3", "http/1.1"))).isEqualTo(Progress.COMPLETE);

        assertThat(name()).isEqualTo("shop.example.com");
        assertThat(hello.hasAlpn()).isTrue();
        assertThat(hello.offersHttp11()).isTrue();
        assertThat(hello.offersHttp2()).isFalse();
        assertThat(hello.offersTls13()).isTrue();
        assertThat(hello.takesEcdsa()).isTrue();
        assertThat(hello.takesRsa()).isTrue();
    }

    @Test
    void an_older_client_offers_no_tls_1_3() throws GeneralSecurityException, SSLException {
        assertThat(scan(ofJdk("a", "TLSv1.2", "h2"))).isEqualTo(Progress.COMPLETE);

        assertThat(hello.offersTls13()).isFalse();
        assertThat(hello.offersHttp2()).isTrue();
    }

    private static byte[] ofJdk(String name, String version, String protocol)
            throws GeneralSecurityException, SSLException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setApplicationProtocols(new String[] {protocol});
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(32 * 1024);
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    @Test
    void a_client_without_extensions_is_whole() {
        byte[] body = join(
                new byte[] {3, 1},
                new byte[32],
                shortVector(new byte[0]),
                vector(numbers(0x002F)),
                shortVector(new byte[] {0}));
        assertThat(scan(records(message(body), 100))).isEqualTo(Progress.COMPLETE);

        assertThat(name()).isNull();
        assertThat(hello.hasAlpn()).isFalse();
        assertThat(hello.takesRsa()).isTrue();
        assertThat(hello.takesEcdsa()).isFalse();
    }

    @Test
    void what_one_client_offers_is_not_taken_for_the_next_ones() {
        scan(records(typical("a.example"), 1000));
        scan(records(message(new int[] {0x1301}), 1000));

        assertThat(name()).isNull();
        assertThat(hello.offersHttp2()).isFalse();
        assertThat(hello.offersTls13()).isFalse();
    }

    @Test
    void a_challenge_is_told_by_its_protocol() {
        scan(records(message(MODERN, serverName("a.example"), alpn("acme-tls/1")), 1000));

        assertThat(hello.offersAcmeTls()).isTrue();
        assertThat(hello.offersHttp11()).isFalse();
    }

    @Test
    void a_client_of_tls_1_2_is_asked_for_suite_and_signature() {
        scan(records(message(new int[] {0xC02F}, signatures(0x0403, 0x0401)), 1000));
        assertThat(hello.takesEcdsa()).isFalse();
        assertThat(hello.takesRsa()).isTrue();

        scan(records(message(new int[] {0xC02B, 0xC02F}, signatures(0x0403)), 1000));
        assertThat(hello.takesEcdsa()).isTrue();
        assertThat(hello.takesRsa()).isFalse();
    }

    @Test
    void a_client_of_tls_1_2_is_asked_for_the_curve_of_keys_too() {
        int[] suites = {0xC02B, 0xC02F};
        scan(records(message(suites, signatures(0x0403, 0x0401), groups(0x001D)), 1000));
        assertThat(hello.takesEcdsa()).isFalse();
        assertThat(hello.takesRsa()).isTrue();
        scan(records(message(suites, signatures(0x0403, 0x0401), groups(0x001D, 0x0017)), 1000));
        assertThat(hello.takesEcdsa()).isTrue();
        scan(records(message(suites, signatures(0x0403, 0x0401), groups(0x001D), versions(0x0304)), 1000));
        assertThat(hello.takesEcdsa()).isTrue();
    }

    @Test
    void a_client_of_tls_1_3_is_asked_for_the_signature_only() {
        scan(records(message(new int[] {0x1301}, signatures(0x0804), versions(0x0304)), 1000));

        assertThat(hello.takesRsa()).isTrue();
        assertThat(hello.takesEcdsa()).isFalse();
    }

    static Stream<Arguments> broken() {
        byte[] whole = typical("a.example");
        return Stream.of(
                Arguments.of("another handshake message", records(join(new byte[] {2}, tail(whole, 1)), 500)),
                Arguments.of("an empty record", new byte[] {22, 3, 1, 0, 0}),
                Arguments.of("a record that is too large", new byte[] {22, 3, 1, 0x40, 1}),
                Arguments.of("an alert between records", join(Arrays.copyOf(records(whole, 60), 65), new byte[] {21})),
                Arguments.of("no suites", records(message(new int[0]), 500)),
                Arguments.of("a name twice", hello(serverName("a"), serverName("b"))),
                Arguments.of("an empty name", hello(serverName(""))),
                Arguments.of("a name with a zero", hello(serverName("a\0b"))),
                Arguments.of("a name with a letter beyond ASCII", hello(serverName("a\u00e4"))),
                Arguments.of("a name that is too long", hello(serverName("a".repeat(256)))),
                Arguments.of("protocols twice", hello(alpn("h2"), alpn("h2"))),
                Arguments.of("an empty protocol", hello(alpn(""))),
                Arguments.of("no protocols", hello(alpn())),
                Arguments.of("a list longer than its extension", hello(extension(16, numbers(9)))),
                Arguments.of("half a version", hello(extension(43, new byte[] {1, 3}))),
                Arguments.of("bytes behind the extensions", records(message(join(tail(whole, 4), new byte[1])), 500)));
    }

    private static byte[] hello(byte[]... extensions) {
        return records(message(MODERN, extensions), 500);
    }

    private static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void what_no_client_may_send_is_broken(String what, byte[] bytes) {
        assertThat(scan(bytes)).isEqualTo(Progress.BROKEN);
        ClientHelloProperties.hold(bytes);
    }

    @Test
    void another_protocol_is_told_by_its_first_bytes() {
        assertThat(scan("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(Progress.NOT_TLS);
        assertThat(scan(new byte[] {22, 'x'})).isEqualTo(Progress.NOT_TLS);
        assertThat(scan(new byte[] {(byte) 0x80, 0x2e, 1})).isEqualTo(Progress.NOT_TLS);
    }

    @Test
    void a_message_without_an_end_in_sight_is_refused_at_its_header() {
        assertThat(scan(new byte[] {22, 3, 1, 0, 4, 1, 1, 0, 0})).isEqualTo(Progress.TOO_LONG);
    }

    @Test
    void the_headers_of_tiny_records_count() {
        byte[] message = message(MODERN, extension(21, new byte[ClientHello.LONGEST / 4]));
        assertThat(scan(records(message, 16 * 1024))).isEqualTo(Progress.COMPLETE);
        assertThat(scan(records(message, 1))).isEqualTo(Progress.TOO_LONG);
    }

    @Test
    void nothing_is_taken_from_the_buffer() {
        var in = Unpooled.wrappedBuffer(join(new byte[3], records(typical("a"), 50)));
        in.skipBytes(3);
        int before = in.readableBytes();

        assertThat(hello.scan(in)).isEqualTo(Progress.COMPLETE);
        assertThat(in.readableBytes()).isEqualTo(before);
    }

    @Test
    void every_seed_of_the_fuzzing_holds() throws IOException, URISyntaxException {
        Path folder = Path.of(
                ClientHelloTest.class.getResource("ClientHelloFuzzInputs").toURI());
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> seeds = files.filter(Files::isRegularFile).toList();
            assertThat(seeds).isNotEmpty();
            for (Path seed : seeds) {
                ClientHelloProperties.hold(Files.readAllBytes(seed));
            }
        }
    }
}
