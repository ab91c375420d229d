package dev.turnout.deployment;

import dev.turnout.store.PrivateFiles;
import dev.turnout.text.Phrase;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/** The check that nobody but root can have put into a folder what root starts from there. */
final class RootsFolder {

    private static final int ROOT = 0;

    private RootsFolder() {}

    /**
     * Refuses a folder that others can exchange or write to, and one with such a file in it.
     *
     * @param read what is read from the folder; folders with all that is in them
     */
    static void check(Path folder, List<Path> read) throws IOException {
        checkOne(folder);
        for (Path path : read) {
            Files.walkFileTree(path, new Visitor());
        }
    }

    private static void checkOne(Path path) throws IOException {
        Optional<Phrase> objection = objection(path);
        if (objection.isPresent()) {
            throw new IOException(objection.get().english() + ", and root starts programs from there");
        }
    }

    /** Returns why others than root can exchange a folder or a file, or write to it. Empty if they can't. */
    static Optional<Phrase> objection(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return Optional.of(new Phrase(path + " is a link", path + "은(는) 링크입니다"));
        }
        if (PrivateFiles.user(path) != ROOT) {
            return Optional.of(new Phrase(path + " belongs to another user", path + "은(는) 다른 사용자의 것입니다"));
        }
        return PrivateFiles.isWritableByOthers(path)
                ? Optional.of(new Phrase("other users may write to " + path, "다른 사용자가 " + path + "에 쓸 수 있습니다"))
                : Optional.empty();
    }

    /** Another deployment of root may remove files meanwhile. */
    private static final class Visitor extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
            return visitFile(folder, attributes);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            try {
                checkOne(file);
            } catch (NoSuchFileException gone) {
                return FileVisitResult.CONTINUE;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
    }
}
