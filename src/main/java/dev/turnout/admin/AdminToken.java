package dev.turnout.admin;

import java.util.Optional;

/**
 * What every call has to bring.
 *
 * @param value empty if nothing
 */
public record AdminToken(Optional<String> value) {

    /** Never the token. */
    @Override
    public String toString() {
        return "AdminToken";
    }
}
