package dev.turnout.proxy.folder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.turnout.routing.VisibleText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The search for a file in a folder. It goes from folder to folder by {@code openat}, and follows no symbolic link below
 * the root: whatever is moved or linked meanwhile, nothing outside of the root is opened. Names that begin with a dot
 * are not there, but for {@code .well-known}. Blocks.
 */
public final class FolderSearch {

    private static final Logger LOG = Logger.getLogger(FolderSearch.class);

    private static final String WELL_KNOWN = ".well-known";
    private static final Duration SETTLED = Duration.ofSeconds(2);

    /** The codings of compressed files, the smaller ones first, and the ends of their names. */
    private static final List<List<String>> CODINGS = List.of(List.of("br", ".br"), List.of("gzip", ".gz"));

    private final Folder folder;
    private final FileWish wish;

    public FolderSearch(Folder folder, FileWish wish) {
        this.folder = folder;
        this.wish = wish;
    }

    /**
     * Opens the file that a request is for, or the one that stands for a file that is not there. Does not fail: an answer has a
     * place, which it gives back once it knows what was found.
     */
    public FoundFile find() {
        try {
            return search();
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "The search for %s in %s has failed",
                    VisibleText.of(wish.path(), VisibleText.SHORT),
                    folder.root());
            return FoundFile.NOTHING;
        }
    }

    private FoundFile search() {
        FoundFile found = find(folder.inside(wish.path()), wish.endsWithSlash());
        String fallback = folder.fallback();
        return found.kind() == FoundFile.Kind.NOTHING && fallback != null ? find(fallback, false) : found;
    }

    private FoundFile find(String path, boolean isFolder) {
        List<String> segments = segments(path);
        if (segments == null) {
            return FoundFile.NOTHING;
        }
        try (DirectoryStream<Path> root = Files.newDirectoryStream(folder.root())) {
            return root instanceof SecureDirectoryStream<Path> secure
                    ? find(secure, segments, 0, isFolder)
                    : FoundFile.NOTHING;
        } catch (IOException | InvalidPathException e) {
            return isShort(e) ? FoundFile.BUSY : FoundFile.NOTHING;
        }
    }

    private static boolean isShort(Exception e) {
        return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("too many open files");
    }

    /** Returns the names of a path; null if no file can have such a path. */
    private static @Nullable List<String> segments(String path) {
        String text;
        try {
            text = UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(path.getBytes(ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
        List<String> segments = new ArrayList<>();
        for (String segment : text.split("/")) {
            boolean isHidden = segment.startsWith(".") && !(segments.isEmpty() && segment.equals(WELL_KNOWN));
            if (isHidden || segment.chars().anyMatch(Character::isISOControl)) {
                return null;
            }
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return segments;
    }

    private FoundFile find(SecureDirectoryStream<Path> in, List<String> names, int at, boolean isFolder)
            throws IOException {
        if (at == names.size()) {
            return open(in, folder.index());
        }
        Path name = Path.of(names.get(at));
        BasicFileAttributes attributes = attributes(in, name);
        if (attributes.isDirectory()) {
            if (at == names.size() - 1 && !isFolder) {
                return FoundFile.FOLDER;
            }
            try (SecureDirectoryStream<Path> below = in.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                return find(below, names, at + 1, isFolder);
            }
        }
        return at == names.size() - 1 && !isFolder ? open(in, names.get(at)) : FoundFile.NOTHING;
    }

    private static BasicFileAttributes attributes(SecureDirectoryStream<Path> in, Path name) throws IOException {
        return in.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    private static @Nullable BasicFileAttributes compressed(
            SecureDirectoryStream<Path> in, String name, BasicFileAttributes plain) {
        try {
            BasicFileAttributes attributes = attributes(in, Path.of(name));
            // One that is older than its original was made of another one.
            return attributes.isRegularFile() && attributes.lastModifiedTime().compareTo(plain.lastModifiedTime()) >= 0
                    ? attributes
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    private FoundFile open(SecureDirectoryStream<Path> in, String name) throws IOException {
        BasicFileAttributes plain = attributes(in, Path.of(name));
        if (!plain.isRegularFile()) {
            return FoundFile.NOTHING;
        }
        String coding = "";
        String opened = name;
        BasicFileAttributes attributes = plain;
        boolean varies = false;
        for (List<String> each : CODINGS) {
            BasicFileAttributes other = compressed(in, name + each.get(1), plain);
            varies |= other != null;
            if (other != null && coding.isEmpty() && wish.accepts(each.get(0))) {
                coding = each.get(0);
                opened = name + each.get(1);
                attributes = other;
            }
        }
        SeekableByteChannel channel =
                in.newByteChannel(Path.of(opened), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        try {
            Instant modified = attributes.lastModifiedTime().toInstant();
            boolean isSettled = modified.isBefore(Instant.now().minus(SETTLED));
            return FoundFile.of(new OpenFile(channel, name, coding, varies, channel.size(), modified, isSettled));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
