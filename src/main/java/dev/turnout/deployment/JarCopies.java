package dev.turnout.deployment;

import dev.turnout.text.Phrase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The copies of jars that versions run from: an application breaks when the next build overwrites the jar that it runs from.
 *
 * <p>A unit reads its jar as another user, so it gets a copy in a folder of its own. Releases are made from the copy in the
 * folder of deployments, since systemd may give the folder of a unit to the user of the unit. Blocks.
 */
final class JarCopies {

    private static final Path OF_UNITS = Path.of("/var/lib");
    private static final Set<PosixFilePermission> EVERYBODY_READS = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> EVERYBODY_ENTERS = PosixFilePermissions.fromString("rwxr-xr-x");

    private final DeployFolder folder;
    private final boolean isFolderGiven;
    private final Path ofUnits;

    /** @param isFolderGiven true if the operator named the folder: a unit's jars are there too then */
    JarCopies(DeployFolder folder, boolean isFolderGiven) {
        this(folder, isFolderGiven, OF_UNITS);
    }

    JarCopies(DeployFolder folder, boolean isFolderGiven, Path ofUnits) {
        this.folder = folder;
        this.isFolderGiven = isFolderGiven;
        this.ofUnits = ofUnits;
    }

    /** Copies a jar for a port, and returns the copy that the version is started from. */
    Path copy(Path jar, int port, Launch launch) throws IOException, DeploymentFailed {
        Path own = folder.jar(port);
        replace(own, jar);
        Optional<Path> place = place(launch);
        if (place.isEmpty()) {
            return own;
        }
        check(launch);
        if (!Files.exists(place.get())) {
            Files.createDirectories(place.get());
            // The unit's user reads the jar there, whatever the umask of this command is.
            Files.setPosixFilePermissions(place.get(), EVERYBODY_ENTERS);
        }
        Path copy = place.get().resolve(port + ".jar");
        replace(copy, own);
        return copy;
    }

    /** Fails if this is root, and another user can exchange what root writes to the folder of a unit. */
    void check(Launch launch) throws IOException, DeploymentFailed {
        Optional<Path> place = place(launch).filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        if (place.isEmpty() || DeployFolder.user() != 0) {
            return;
        }
        Optional<Phrase> objection = RootsFolder.objection(place.get());
        if (objection.isPresent()) {
            throw notRoots(place.get(), objection.get());
        }
    }

    private static DeploymentFailed notRoots(Path place, Phrase objection) {
        String unit = String.valueOf(place.getFileName());
        return new DeploymentFailed(
                DeploymentFailed.USAGE,
                objection.english() + ". Root copies the jar there, so only root may write to it. Write StateDirectory="
                        + unit + "/data into the unit " + unit + "@.service, and move the files of the application to "
                        + place + "/data. Then make " + place + " a folder of root with mode 755.",
                objection.korean() + ". root가 그곳에 jar를 복사하므로 root만 쓸 수 있어야 합니다. 유닛 " + unit
                        + "@.service에 StateDirectory=" + unit + "/data를 쓰고 애플리케이션의 파일을 " + place
                        + "/data로 옮기세요. 그다음 " + place + "을(를) root 소유, 모드 755인 폴더로 만드세요.");
    }

    /** Returns the folder of a unit; empty for what reads its jar in the folder of deployments. */
    private Optional<Path> place(Launch launch) {
        return launch instanceof Launch.SystemdUnit unit && !isFolderGiven
                ? Optional.of(ofUnits.resolve(unit.name()))
                : Optional.empty();
    }

    /** A rename, not a write: what runs from the old copy, and a release that is linked to it, keep theirs. */
    private static void replace(Path copy, Path jar) throws IOException {
        Path temp = copy.resolveSibling("." + copy.getFileName() + ".new");
        Files.deleteIfExists(temp);
        try {
            write(temp, jar);
            Files.move(temp, copy, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temp);
        }
    }

    /** Follows no link that somebody else may have put there. */
    private static void write(Path temp, Path jar) throws IOException {
        try (OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                temp,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(EVERYBODY_READS)))) {
            Files.copy(jar, out);
        }
        // The umask of this command may have kept others from reading.
        Files.setAttribute(temp, "posix:permissions", EVERYBODY_READS, LinkOption.NOFOLLOW_LINKS);
    }
}
