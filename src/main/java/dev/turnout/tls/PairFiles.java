package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a certificate and its key.
 *
 * @param label the name in the configuration, or of the file or folder
 * @param key empty if the key stands in the file of the certificate
 * @param password the file of the key's password
 * @param configKey what the keys of the configuration begin with that name these files; empty for a folder's files
 */
record PairFiles(
        CertificateSource source,
        String label,
        Path cert,
        Optional<Path> key,
        Optional<Path> password,
        String configKey) {

    /** Bytes: a chain of ten certificates is a tenth of it. */
    static final int LARGEST = 256 * 1024;

    private static final String CERT = "cert";
    private static final String KEY = "key";

    /**
     * What the files hold.
     *
     * @param digest tells this content from another
     */
    record Content(byte[] cert, byte[] key, Optional<byte[]> password, String digest) {}

    /** Returns the file with the key. */
    Path keyFile() {
        return key.orElse(cert);
    }

    /** Returns every file. */
    Stream<Path> all() {
        return Stream.of(Optional.of(cert), key, password).flatMap(Optional::stream);
    }

    /** Reads the files, whatever links lead to them. */
    Content read() throws UnusablePair {
        byte[] certBytes = read(cert, CERT);
        byte[] keyBytes = key.isPresent() ? read(key.get(), KEY) : certBytes;
        Optional<byte[]> passwordBytes =
                password.isPresent() ? Optional.of(read(password.get(), "password-file")) : Optional.empty();
        return new Content(
                certBytes, keyBytes, passwordBytes, digest(certBytes, keyBytes, passwordBytes.orElse(new byte[0])));
    }

    private byte[] read(Path file, String part) throws UnusablePair {
        try {
            return bounded(file);
        } catch (IOException e) {
            throw new UnusablePair(FileAccess.explain(file, e).at(named(file, part)));
        }
    }

    /** Returns the file of the certificate, with the key of the configuration that names it. */
    String namedCert() {
        return named(cert, CERT);
    }

    /** Returns the file with the key, with the key of the configuration that names it. */
    String namedKey() {
        return key.isPresent() ? named(key.get(), KEY) : namedCert();
    }

    private String named(Path file, String part) {
        return configKey.isEmpty() ? file.toString() : configKey + part + "=" + file;
    }

    /** Reads a file that is no larger than {@value #LARGEST} bytes. A device or a pipe is not read. */
    static byte[] bounded(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileRefused(TlsFinding.NOT_A_FILE);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new FileRefused(TlsFinding.TOO_LARGE, "kib", LARGEST / 1024);
            }
            return bytes;
        }
    }

    private static String digest(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(Integer.toString(part.length).getBytes(StandardCharsets.US_ASCII));
                digest.update((byte) ':');
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256", e);
        }
    }
}
