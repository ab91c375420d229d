package dev.turnout.routing;

import java.util.Objects;

/**
 * A Unix socket of this machine. Its path has one spelling only, so that no socket is two targets.
 *
 * @param path absolute, at most {@value #MOST} characters
 */
public record UnixAddress(String path) implements TargetAddress {

    /** What stands before the path. */
    static final String PREFIX = "unix:";

    /** The system's structure has room for so many bytes and a zero (unix(7)). */
    private static final int MOST = 107;

    private static final String MARKS = "/._-+=@~";

    /** What an application that listens on a socket of this machine is asked for. */
    private static final String HOST = "localhost";

    public UnixAddress {
        Objects.requireNonNull(path, "path");
        if (!path.startsWith("/") || path.endsWith("/")) {
            throw new IllegalArgumentException("'" + PREFIX + path + "' is not the absolute path of a Unix socket");
        }
        if (path.length() > MOST) {
            throw new IllegalArgumentException("'" + PREFIX + path + "' is too long: the path of a Unix socket has at"
                    + " most " + MOST + " characters");
        }
        if (!path.chars().allMatch(UnixAddress::isPathCharacter)) {
            throw new IllegalArgumentException("'" + PREFIX + path + "' has a character that Turnout does not take in"
                    + " the path of a Unix socket; letters, digits and " + MARKS + " may stand there");
        }
        if (path.contains("//") || path.contains("/./") || path.contains("/../") || path.matches(".*/\\.{1,2}")) {
            throw new IllegalArgumentException(
                    "'" + PREFIX + path + "' is not the shortest spelling of its path: remove //, . and ..");
        }
    }

    private static boolean isPathCharacter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || MARKS.indexOf(c) >= 0;
    }

    @Override
    public String host() {
        return HOST;
    }

    @Override
    public String authority() {
        return HOST;
    }

    @Override
    public String toString() {
        return PREFIX + path;
    }
}
