package dev.turnout.proxy.folder;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A folder whose files are answers.
 *
 * @param root the folder
 * @param prefix the beginning of the path that stands for the folder; empty for the whole path
 * @param index the name of the file that a folder is answered with
 * @param fallback the path of the file for requests whose file is not there; null for none
 * @param goesOn whether a request whose file is not there goes on to a target
 */
public record Folder(
        Path root, String prefix, String index, @Nullable String fallback, boolean goesOn) {

    /** Returns the path within the folder. It begins with a slash, or is empty. */
    String inside(String path) {
        return path.startsWith(prefix) ? path.substring(prefix.length()) : path;
    }
}
