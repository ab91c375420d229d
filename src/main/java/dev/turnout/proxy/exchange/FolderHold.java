package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.folder.FileWish;
import dev.turnout.proxy.folder.Folder;
import dev.turnout.proxy.folder.FolderSearch;
import dev.turnout.proxy.folder.FoundFile;
import dev.turnout.proxy.route.Rule;
import org.jspecify.annotations.Nullable;

/** A request that waits until its file has been looked for. Event loop only. */
final class FolderHold implements Hold {

    private static final String PLAIN = "-._~/!$&'()*+,=:@";

    private final RuleMeans means;
    private final Rule rule;
    private final Folder folder;
    private final FileWish wish;
    private @Nullable Waiter waiter;

    FolderHold(RuleMeans means, Rule rule, Folder folder, FileWish wish) {
        this.means = means;
        this.rule = rule;
        this.folder = folder;
        this.wish = wish;
    }

    @Override
    public void begin(Waiter waits) {
        if (!means.files().enter()) {
            waits.refused(RuleReplies.filesBusy(rule));
            return;
        }
        waiter = waits;
        FolderSearch search = new FolderSearch(folder, wish);
        boolean runs = means.files().run(() -> {
            FoundFile found = search.find();
            means.loop().execute(() -> tell(found));
        });
        if (!runs) {
            waiter = null;
            means.files().leave();
            waits.refused(RuleReplies.filesBusy(rule));
        }
    }

    private void tell(FoundFile found) {
        Waiter waits = waiter;
        waiter = null;
        if (waits != null && found.kind() == FoundFile.Kind.FILE) {
            waits.served(requireNonNull(found.file()), wish);
            return;
        }
        if (found.file() != null) {
            means.files().release(found.file());
        } else {
            means.files().leave();
        }
        if (waits != null) {
            answer(found.kind(), waits);
        }
    }

    private void answer(FoundFile.Kind kind, Waiter waits) {
        if (kind == FoundFile.Kind.FOLDER) {
            waits.refused(RuleReplies.folder(rule, encoded(wish.path()) + "/" + wish.query()));
        } else if (kind == FoundFile.Kind.BUSY) {
            waits.refused(RuleReplies.filesBusy(rule));
        } else if (folder.goesOn()) {
            waits.goesOn();
        } else {
            waits.refused(RuleReplies.noFile(rule));
        }
    }

    /** The path begins with one slash, so the location names no other host. */
    private static String encoded(String path) {
        StringBuilder text = new StringBuilder();
        for (byte b : path.getBytes(ISO_8859_1)) {
            char c = (char) (b & 0xff);
            boolean isPlain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (isPlain || PLAIN.indexOf(c) >= 0) {
                text.append(c);
            } else {
                text.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 0xf, 16)));
            }
        }
        return text.toString();
    }

    @Override
    public void giveUp() {
        waiter = null;
    }

    @Override
    public LocalReply tooLate() {
        return RuleReplies.filesBusy(rule);
    }
}
