package dev.turnout.config;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of users and hashes of their passwords, as {@code htpasswd -B} writes it: {@code user:$2y$10$...} on each line.
 * Empty lines and lines that begin with {@code #} are skipped.
 *
 * @param hashes the hash of each user, in the form of bcrypt
 * @param warnings what an operator should know of the file, a clause each
 */
public record PasswordFile(Map<String, String> hashes, List<String> warnings) {

    /** Each step doubles the time of a check. A check of this cost takes about a second. */
    static final int MOST_COST = 14;

    /** A check takes about 50 to 100 ms. */
    private static final int COST = 10;

    private static final int MOST_BYTES = 1 << 20;
    private static final int LONGEST_USER = 255;
    private static final Pattern HASH = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
    private static final int LEAST_COST = 4;

    public PasswordFile {
        hashes = Map.copyOf(hashes);
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads a file. Blocks.
     *
     * @throws Refused if the file can't be used; the message is a clause that says why, with the number of the line
     */
    public static PasswordFile read(Path file) throws Refused {
        try {
            if (!Files.isRegularFile(file)) {
                throw new Refused(Files.exists(file) ? "it is no regular file" : "there is no such file");
            }
            Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
            if (rights.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new Refused("every user of the machine may write it; run: chmod o-w " + file);
            }
            List<String> warnings = rights.contains(PosixFilePermission.OTHERS_READ)
                    ? List.of("every user of the machine may read the hashes; run: chmod o-r " + file)
                    : List.of();
            return new PasswordFile(parse(text(file)), warnings);
        } catch (CharacterCodingException e) {
            throw new Refused("it is not UTF-8");
        } catch (AccessDeniedException e) {
            throw new Refused("user " + System.getProperty("user.name", "") + " may not read it");
        } catch (NoSuchFileException e) {
            throw new Refused("there is no such file");
        } catch (IOException e) {
            throw new Refused("it can't be read (" + e + ")");
        }
    }

    private static String text(Path file) throws IOException, Refused {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new Refused("it has more than 1 MiB");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
    }

    /** Returns the hash of each user. No message repeats a hash or what may be a password. */
    static Map<String, String> parse(String text) throws Refused {
        Map<String, String> hashes = new LinkedHashMap<>();
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(line, number, hashes);
            }
        }
        if (hashes.isEmpty()) {
            throw new Refused("it names no user");
        }
        return hashes;
    }

    private static void add(String line, int number, Map<String, String> hashes) throws Refused {
        String where = "line " + number + ": ";
        int colon = line.indexOf(':');
        if (colon < 0 || !isUser(line.substring(0, colon))) {
            throw new Refused(where + "it does not look like user:$2y$10$...");
        }
        String hash = line.substring(colon + 1);
        Matcher matcher = HASH.matcher(hash);
        if (!matcher.matches()) {
            throw new Refused(
                    where + "the password is not hashed with bcrypt; make the line with 'turnout password USER'"
                            + " or 'htpasswd -nB USER'");
        }
        int cost = Integer.parseInt(matcher.group(1));
        if (cost < LEAST_COST || cost > MOST_COST) {
            throw new Refused(where + "the cost of the hash is " + cost + "; allowed are " + LEAST_COST + " to "
                    + MOST_COST + ", since each step doubles the time of a check");
        }
        if (hashes.put(line.substring(0, colon), hash) != null) {
            throw new Refused(where + "an earlier line has the same user");
        }
    }

    /** Returns true if a line of such a file can be for this user. */
    public static boolean isUser(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST_USER
                && name.strip().equals(name)
                && !name.startsWith("#")
                && name.chars().noneMatch(c -> c == ':' || Character.isISOControl(c));
    }

    /** Returns the hash of a password, with a salt of its own. Takes about a tenth of a second. */
    public static String hash(byte[] password) {
        return new String(BCrypt.with(BCrypt.Version.VERSION_2Y).hash(COST, password), StandardCharsets.US_ASCII);
    }

    /** The reason why a file of passwords can't be used. */
    public static final class Refused extends Exception {

        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why, null, false, false);
        }

        /** Returns the reason, a clause. */
        public String why() {
            return String.valueOf(getMessage());
        }
    }
}
