package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.HeadEdits;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a rule demands of clients: the name of a user and a password. Any thread.
 *
 * @param hashes the hash of each user's password, in the form of bcrypt
 * @param realm what browsers show when they ask for a password
 * @param passes whether the target gets the name and the password
 */
public record PasswordRule(Map<String, String> hashes, String realm, boolean passes) {

    private static final HeadEdits WITHOUT_PASSWORD = new HeadEdits(List.of("Authorization"), List.of());

    /** Of a password that nobody has: an unknown user takes as much time as a known one. */
    private static final String NOBODYS = "$2y$10$4OYeFzyqdSFg/4xCVaeQM.qzUSPvSpMw1Hr3DGtjqqtJqYbKnPFBa";

    public PasswordRule {
        hashes = Map.copyOf(hashes);
    }

    /** Returns the hash of a user; that of nobody's password if there is no such user. */
    public String hashOf(String user) {
        String hash = hashes.get(user);
        return hash != null
                ? hash
                : hashes.isEmpty() ? NOBODYS : NOBODYS.substring(0, 4) + cost() + NOBODYS.substring(6);
    }

    /** Returns true if there is such a user. */
    public boolean knows(String user) {
        return hashes.containsKey(user);
    }

    private String cost() {
        return hashes.values().iterator().next().substring(4, 6);
    }

    /** Returns the field line that asks a client for a password, with its CRLF. */
    public String challenge() {
        return "WWW-Authenticate: Basic realm=\"" + realm + "\", charset=\"UTF-8\"\r\n";
    }

    /** Returns what changes in the head that the target gets; null for nothing. */
    public @Nullable HeadEdits edits() {
        return passes ? null : WITHOUT_PASSWORD;
    }
}
