package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A certificate and its key are read from PEM files and checked")
@RequiresProgram(value = "openssl", debianPackage = "openssl")
final class PairReaderTest {

    private final TestAuthority root = TestAuthority.root("Root");

    @TempDir
    Path folder;

    private CertificatePair read(String cert, String key, Optional<String> password) throws IOException, UnusablePair {
        Path certFile = Files.writeString(folder.resolve("cert.pem"), cert);
        Path keyFile = Files.writeString(folder.resolve("key.pem"), key);
        Optional<Path> passwordFile = Optional.empty();
        if (password.isPresent()) {
            passwordFile = Optional.of(Files.writeString(folder.resolve("password"), password.get()));
        }
        PairFiles files = new PairFiles(
                CertificateSource.FILE, "shop", certFile, Optional.of(keyFile), passwordFile, "turnout.tls.x.");
        return PairReader.read(files, files.read());
    }

    private CertificatePair read(Issued issued) throws IOException, UnusablePair {
        return read(issued.chainPem(), issued.keyPem(), Optional.empty());
    }

    private String openssl(String input, String... arguments) throws IOException, InterruptedException {
        Path in = Files.writeString(folder.resolve("in.pem"), input);
        Path out = folder.resolve("out.pem");
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-in", in.toString(), "-out", out.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return Files.readString(out);
    }

    @ParameterizedTest
    @CsvSource({
        "EC, pkcs8 -topk8 -nocrypt, BEGIN PRIVATE KEY",
        "EC, ec, BEGIN EC PRIVATE KEY",
        "RSA, pkcs8 -topk8 -nocrypt, BEGIN PRIVATE KEY",
        "RSA, rsa -traditional, BEGIN RSA PRIVATE KEY"
    })
    void a_key_may_be_in_any_form(String kind, String command, String begins) throws Exception {
        Issued issued = kind.equals("EC") ? root.issue("a.example") : root.issueRsa("a.example");
        String key = openssl(issued.keyPem(), command.split(" "));
        assertThat(key).contains(begins);

        CertificatePair pair = read(issued.chainPem(), key, Optional.empty());

        assertThat(pair.names()).containsExactly("a.example");
        assertThat(pair.keyKind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "EC, pkcs8 -topk8 -v2 aes-256-cbc -passout pass:secret",
        "EC, pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA1 -passout pass:secret",
        "RSA, pkcs8 -topk8 -v2 des3 -passout pass:secret",
        "RSA, rsa -traditional -aes256 -passout pass:secret",
        "EC, ec -aes128 -passout pass:secret"
    })
    void an_encrypted_key_is_opened_by_the_first_line_of_its_password_file(String kind, String command)
            throws Exception {
        Issued issued = kind.equals("EC") ? root.issue("a.example") : root.issueRsa("a.example");
        String key = openssl(issued.keyPem(), command.split(" "));
        assertThat(key).contains("ENCRYPTED");

        assertThat(read(issued.chainPem(), key, Optional.of("secret\n")).keyKind())
                .isEqualTo(kind);
        assertThatThrownBy(() -> read(issued.chainPem(), key, Optional.of("wrong")))
                .hasMessageContaining("it holds a key that the password does not open");
        assertThatThrownBy(() -> read(issued.chainPem(), key, Optional.empty()))
                .hasMessageContaining("it holds an encrypted key, and no password-file is configured");
    }

    @Test
    void certificate_and_key_may_stand_in_one_file_in_any_order() throws Exception {
        Issued issued = root.intermediate("Intermediate").issue("a.example");
        for (String both :
                List.of(issued.chainPem() + issued.keyPem(), "# a comment\n" + issued.keyPem() + issued.chainPem())) {
            PairFiles files = new PairFiles(
                    CertificateSource.DIRECTORY,
                    "a",
                    Files.writeString(folder.resolve("a.pem"), both),
                    Optional.empty(),
                    Optional.empty(),
                    "");

            assertThat(PairReader.read(files, files.read()).chain().certificates())
                    .hasSize(2);
        }
    }

    @Test
    void the_names_are_the_alternative_names_in_lower_case() throws Exception {
        assertThat(read(root.issue("Shop.Example", "*.shop.example")).names())
                .containsExactly("shop.example", "*.shop.example");
        assertThat(read(root.issue()).names()).containsExactly("leaf");
    }

    @Test
    void a_key_of_another_certificate_is_refused_with_the_key_of_the_configuration() {
        Issued one = root.issue("a.example");
        for (Issued other : List.of(root.issue("a.example"), root.issueRsa("a.example"))) {
            assertThatThrownBy(() -> read(one.chainPem(), other.keyPem(), Optional.empty()))
                    .isInstanceOf(UnusablePair.class)
                    .hasMessage("turnout.tls.x.key=" + folder.resolve("key.pem")
                            + ": the key does not fit the certificate in " + folder.resolve("cert.pem"));
        }
    }

    @Test
    void a_chain_that_is_not_in_order_is_refused() {
        Issued issued = root.intermediate("Upper").intermediate("Lower").issue("a.example");
        List<java.security.cert.X509Certificate> swapped = new ArrayList<>(issued.chain());
        Collections.swap(swapped, 1, 2);

        assertThatThrownBy(() -> read(TestAuthority.pem(swapped.toArray()), issued.keyPem(), Optional.empty()))
                .hasMessageContaining("the chain is not in order: certificate 1 is not issued by certificate 2, Upper");
    }

    @Test
    void a_key_of_another_kind_is_refused() throws Exception {
        KeyPair keys = java.security.KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Issued issued = root.issue(
                keys, java.time.Instant.now(), java.time.Instant.now().plusSeconds(60), "a.example");

        assertThatThrownBy(() -> read(issued)).hasMessageContaining("allowed are EC and RSA");
    }

    @Test
    void what_is_no_pair_says_what_is_missing() {
        Issued issued = root.issue("a.example");

        assertThatThrownBy(() -> read("", issued.keyPem(), Optional.empty()))
                .hasMessageContaining("turnout.tls.x.cert=")
                .hasMessageEndingWith("it holds no certificate");
        assertThatThrownBy(() -> read(issued.chainPem(), issued.chainPem(), Optional.empty()))
                .hasMessageContaining("turnout.tls.x.key=")
                .hasMessageEndingWith("it holds no private key");
        assertThatThrownBy(() -> read("-----BEGIN CERTIFICATE-----\n!!\n", issued.keyPem(), Optional.empty()))
                .hasMessageEndingWith("it is not well-formed PEM");
    }

    @Test
    void a_file_that_is_too_large_or_no_file_is_not_read() throws Exception {
        Issued issued = root.issue("a.example");

        assertThatThrownBy(() -> read("x".repeat(PairFiles.LARGEST + 1), issued.keyPem(), Optional.empty()))
                .hasMessageEndingWith("it is larger than 256 KiB");
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> PairFiles.bounded(pipe)).hasMessage("it is no file");
    }
}
