package dev.turnout.tls;

import dev.turnout.tls.Choice.NoCertificate;
import dev.turnout.tls.Choice.Refuse;
import dev.turnout.tls.Choice.Serve;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What handshakes are answered with: one immutable snapshot, the default certificate included. */
final class HandshakeTable {

    /** The table without a certificate. */
    static final HandshakeTable EMPTY = new HandshakeTable(Map.of(), null, false);

    private static final Choice REFUSE = new Refuse();
    private static final Choice NO_CERTIFICATE = new NoCertificate();

    /**
     * The certificates for a name, at least one of them.
     *
     * @param policy of both
     */
    record Slot(@Nullable Serve ec, @Nullable Serve rsa, ClientAuthPolicy policy) {

        Choice choose(boolean takesEcdsa) {
            if (ec != null && (takesEcdsa || rsa == null)) {
                return ec;
            }
            return rsa == null ? NO_CERTIFICATE : rsa;
        }

        /** Returns true if the certificate is for a host: a host with a policy of its own may have one that is not. */
        boolean covers(byte[] bytes, int start, int end) {
            Serve serve = ec == null ? rsa : ec;
            return serve != null && serve.names().cover(bytes, start, end);
        }
    }

    private final ServerNames<Slot> names;
    private final @Nullable Slot byDefault;
    private final boolean isStrict;

    /** The policy of all names; null if they have several. */
    private final @Nullable ClientAuthPolicy only;

    /** @param isStrict true if a name without a certificate is refused */
    HandshakeTable(Map<String, Slot> names, @Nullable Slot byDefault, boolean isStrict) {
        this.names = new ServerNames<>(names);
        this.byDefault = byDefault;
        this.isStrict = isStrict;
        this.only = only(names.values(), policy(byDefault));
    }

    private static @Nullable ClientAuthPolicy only(Collection<Slot> slots, ClientAuthPolicy ofDefault) {
        return slots.stream().allMatch(slot -> slot.policy().equals(ofDefault)) ? ofDefault : null;
    }

    private static ClientAuthPolicy policy(@Nullable Slot slot) {
        return slot == null ? ClientAuthPolicy.NONE : slot.policy();
    }

    Choice choose(ClientHello hello) {
        int start = hello.serverNameStart();
        Slot own = start < 0 ? null : names.find(hello.bytes(), start, hello.serverNameEnd());
        if (own != null) {
            return own.choose(hello.takesEcdsa());
        }
        if (byDefault == null) {
            return NO_CERTIFICATE;
        }
        return isStrict ? REFUSE : byDefault.choose(hello.takesEcdsa());
    }

    /** Returns what a name is answered with, which may be the wildcard's or nothing; a name may be a wildcard itself. */
    @Nullable
    Slot slot(String name) {
        return name.startsWith("*.") ? names.findWildcard(name) : names.find(name);
    }

    /** Returns what is answered if no certificate is for the name. */
    @Nullable
    Slot slotOfDefault() {
        return byDefault;
    }

    /** Returns the answer to a client whose ClientHello was not read. */
    Choice ofDefault() {
        return byDefault == null ? NO_CERTIFICATE : byDefault.choose(true);
    }

    /**
     * A wildcard's demand holds for all that a service with this wildcard gets, also where no certificate is for it. One that
     * demands nothing opens nothing there.
     */
    ClientAuthPolicy policyOf(byte[] bytes, int start, int end) {
        if (only != null) {
            return only;
        }
        Slot own = names.find(bytes, start, end);
        if (own != null) {
            return own.policy();
        }
        ClientAuthPolicy around = policy(names.findAround(bytes, start, end));
        return around.equals(ClientAuthPolicy.NONE) ? policy(byDefault) : around;
    }

    boolean hasAnother(CoveredNames presented, byte[] bytes, int start, int end) {
        if (presented.cover(bytes, start, end)) {
            return false;
        }
        Slot own = names.find(bytes, start, end);
        return own != null && own.covers(bytes, start, end);
    }
}
