package dev.turnout.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.tls.KeyPairs;
import dev.turnout.tls.PemBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuthorityFolderTest {

    private static final Instant NOW = Instant.now();
    private static final CertificatePlan SHOP =
            RenewalsFixture.plans("shop.example.com").get(0);

    @TempDir
    private Path root;

    private AuthorityFolder folder;

    @BeforeEach
    void make() {
        folder = new AuthorityFolder(root.resolve("acme/ca"), FolderChanges.NONE);
    }

    private static List<X509Certificate> chain(KeyPair keys, String... names) throws Exception {
        return TestCertificates.chain(keys, NOW, NOW.plus(Duration.ofDays(90)), names);
    }

    @Test
    void folders_and_files_are_for_this_user_alone() throws Exception {
        KeyPair keys = folder.makeNextKey(SHOP);
        folder.put(SHOP, chain(keys, "shop.example.com"), keys.getPrivate());
        folder.save(SHOP, OrderRecord.NONE);
        folder.accountKey();

        try (Stream<Path> all = Files.walk(root.resolve("acme"))) {
            List<Path> paths = all.toList();
            assertThat(paths).hasSize(7);
            assertThat(paths)
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void the_account_key_stays() throws IOException {
        assertThat(folder.accountKey().getPrivate())
                .isEqualTo(folder.accountKey().getPrivate());
    }

    @Test
    void a_certificate_for_other_names_or_another_key_is_none() throws Exception {
        KeyPair keys = KeyPairs.generate();
        folder.makeNextKey(SHOP);
        folder.put(SHOP, chain(keys, "www.example.com"), keys.getPrivate());
        assertThat(folder.pair(SHOP)).isEmpty();

        folder.put(SHOP, chain(keys, "shop.example.com"), KeyPairs.generate().getPrivate());
        assertThat(folder.pair(SHOP)).isEmpty();

        folder.put(SHOP, chain(keys, "shop.example.com"), keys.getPrivate());
        assertThat(folder.pair(SHOP)).isPresent();
    }

    @Test
    void a_crash_between_key_and_certificate_is_repaired() throws Exception {
        KeyPair before = folder.makeNextKey(SHOP);
        folder.put(SHOP, chain(before, "shop.example.com"), before.getPrivate());
        Path own = root.resolve("acme/ca/shop.example.com");
        Path certificate = own.resolve("cert.pem");
        String old = Files.readString(certificate);
        KeyPair next = folder.makeNextKey(SHOP);
        folder.put(SHOP, chain(next, "shop.example.com"), next.getPrivate());
        Files.move(certificate, own.resolve("cert.next.pem"));
        Files.writeString(certificate, old);
        assertThat(folder.pair(SHOP)).isEmpty();

        folder.recover(SHOP);

        assertThat(folder.pair(SHOP).orElseThrow().certificate().getPublicKey()).isEqualTo(next.getPublic());
        assertThat(own.resolve("cert.next.pem")).doesNotExist();
    }

    @Test
    void a_crash_before_the_key_leaves_the_old_pair() throws Exception {
        KeyPair before = folder.makeNextKey(SHOP);
        folder.put(SHOP, chain(before, "shop.example.com"), before.getPrivate());
        Path next = root.resolve("acme/ca/shop.example.com/cert.next.pem");
        Files.writeString(next, PemBlock.ofChain(chain(KeyPairs.generate(), "shop.example.com")));

        folder.recover(SHOP);

        assertThat(folder.pair(SHOP).orElseThrow().certificate().getPublicKey()).isEqualTo(before.getPublic());
        assertThat(next).doesNotExist();
    }

    @Test
    void a_damaged_record_is_begun_anew() throws IOException {
        folder.save(SHOP, OrderRecord.NONE);
        Files.writeString(root.resolve("acme/ca/shop.example.com/order.json"), "{");

        assertThat(folder.record(SHOP)).isEqualTo(OrderRecord.NONE);
    }

    @Test
    void a_wildcard_has_a_folder_without_an_asterisk() throws Exception {
        CertificatePlan wildcard = RenewalsFixture.plans("*.example.com").get(0);
        KeyPair keys = folder.makeNextKey(wildcard);
        folder.put(wildcard, chain(keys, "*.example.com"), keys.getPrivate());

        assertThat(root.resolve("acme/ca/_.example.com/cert.pem")).exists();
        assertThat(folder.pair(wildcard)).isPresent();
    }

    @Test
    void a_bundle_has_up_to_a_hundred_names_and_a_folder_that_stays() {
        List<String> names = Stream.iterate(1, i -> i + 1)
                .limit(101)
                .map(i -> "n" + i + ".example.com")
                .toList();

        List<CertificatePlan> bundles = CertificatePlan.of(names, true);

        assertThat(bundles).extracting(CertificatePlan::folder).containsExactly("bundle", "bundle-2");
        assertThat(bundles.get(0).names()).hasSize(100);
        assertThat(bundles.get(1).names()).containsExactly("n101.example.com");
    }
}
