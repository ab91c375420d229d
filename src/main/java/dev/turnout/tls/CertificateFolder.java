package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The pairs of files in a folder: {@code X.pem}, {@code X.crt} with {@code X.key}, and folders as certbot's or ACME's
 * storage has them. Names that begin with a dot are skipped.
 */
final class CertificateFolder {

    static final int MOST_ENTRIES = 10_000;

    private static final String PEM = ".pem";
    private static final String CRT = ".crt";
    private static final String KEY = ".key";

    /** The files in a folder of certbot that are parts of the pair. */
    private static final Set<String> OF_CERTBOT = Set.of("fullchain.pem", "privkey.pem", "cert.pem", "chain.pem");

    private CertificateFolder() {}

    /** Returns the pairs of a folder that operators fill, by name. */
    static List<PairFiles> scan(Path folder) throws IOException {
        List<PairFiles> pairs = new ArrayList<>();
        Set<Path> entries = entries(folder);
        boolean isCertbots = certbot(folder, folder, pairs);
        for (Path entry : entries) {
            String name = entry.getFileName().toString();
            if (name.endsWith(CRT)) {
                pairs.add(pair(entry, withoutEnd(name, CRT)));
            } else if (name.endsWith(PEM) && !(isCertbots && OF_CERTBOT.contains(name))) {
                pairs.add(pair(entry, withoutEnd(name, PEM)));
            } else if (Files.isDirectory(entry)) {
                certbot(entry, folder, pairs);
            }
        }
        return pairs;
    }

    /** Returns the pairs in the folder that ACME writes: a folder for each, with {@code cert.pem} and {@code key.pem}. */
    static List<PairFiles> scanAcme(Path folder) throws IOException {
        List<PairFiles> pairs = new ArrayList<>();
        if (Files.notExists(folder)) {
            return pairs;
        }
        for (Path entry : entries(folder)) {
            Path cert = entry.resolve("cert.pem");
            Path key = entry.resolve("key.pem");
            if (Files.exists(cert) && Files.exists(key)) {
                pairs.add(new PairFiles(
                        CertificateSource.ACME,
                        entry.getFileName().toString(),
                        cert,
                        Optional.of(key),
                        Optional.empty(),
                        ""));
            }
        }
        return pairs;
    }

    private static boolean certbot(Path entry, Path folder, List<PairFiles> pairs) {
        Path cert = entry.resolve("fullchain.pem");
        Path key = entry.resolve("privkey.pem");
        if (Files.notExists(cert) && Files.notExists(key)) {
            return false;
        }
        Path name = entry.equals(folder) ? folder.toAbsolutePath() : entry;
        pairs.add(new PairFiles(
                CertificateSource.DIRECTORY,
                String.valueOf(name.getFileName()),
                cert,
                Optional.of(key),
                Optional.empty(),
                ""));
        return true;
    }

    private static PairFiles pair(Path cert, String label) {
        Path key = cert.resolveSibling(label + KEY);
        Optional<Path> ownKey = Files.exists(key) ? Optional.of(key) : Optional.empty();
        return new PairFiles(CertificateSource.DIRECTORY, label, cert, ownKey, Optional.empty(), "");
    }

    private static String withoutEnd(String name, String end) {
        return name.substring(0, name.length() - end.length());
    }

    private static Set<Path> entries(Path folder) throws IOException {
        Set<Path> entries = new TreeSet<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(
                folder, entry -> !entry.getFileName().toString().startsWith("."))) {
            for (Path entry : stream) {
                if (entries.size() == MOST_ENTRIES) {
                    throw new FileRefused(TlsFinding.TOO_MANY_ENTRIES, "most", MOST_ENTRIES);
                }
                entries.add(entry);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }
}
