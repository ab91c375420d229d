package dev.turnout.acme;

import dev.turnout.support.RsaKeys;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.shredzone.acme4j.util.CSRBuilder;
import org.shredzone.acme4j.util.CertificateUtils;

/** Certificates as an authority would issue them. */
final class TestCertificates {

    private TestCertificates() {}

    static List<X509Certificate> chain(KeyPair keys, Instant from, Instant until, String... names) throws Exception {
        KeyPair authority = RsaKeys.first();
        X509Certificate root = CertificateUtils.createTestRootCertificate("CN=Test", from, until, authority);
        CSRBuilder request = new CSRBuilder();
        request.addDomains(names);
        request.sign(keys);
        return List.of(
                CertificateUtils.createTestCertificate(request.getCSR(), from, until, root, authority.getPrivate()),
                root);
    }
}
