package dev.turnout.tls;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** The text form of certificates and keys, as it is written (RFC 7468). Any thread. */
public final class PemBlock {

    private static final int LINE = 64;

    private PemBlock() {}

    /**
     * Returns one block.
     *
     * @param label what it is, such as {@code PRIVATE KEY}
     * @param content in the binary form (DER)
     */
    public static String of(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----\n";
    }

    /** Returns a block for each certificate, in their order. */
    public static String ofChain(List<X509Certificate> chain) throws CertificateEncodingException {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : chain) {
            text.append(of("CERTIFICATE", certificate.getEncoded()));
        }
        return text.toString();
    }
}
