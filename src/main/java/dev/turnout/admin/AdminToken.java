package dev.turnout.admin;

import java.util.Optional;

/**
 * The token that every call has to bring.
 *
 * @param value empty if no token is configured
 */
public record AdminToken(Optional<String> value) {

    /** Returns a text without the token. */
    @Override
    public String toString() {
        return "AdminToken";
    }
}
