package dev.turnout.tls;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** The host names that a certificate is for. Any thread. */
public final class CoveredNames {

    /** Those of a certificate that its client does not hold to names. */
    public static final CoveredNames ALL = new CoveredNames();

    private final ServerNames<Boolean> names;
    private final boolean areAll;

    private CoveredNames() {
        names = new ServerNames<>(Map.of());
        areAll = true;
    }

    /** @param names in lower case; one may begin with {@code *.} */
    CoveredNames(Collection<String> names) {
        this.names = new ServerNames<>(names.stream().distinct().collect(Collectors.toMap(name -> name, name -> true)));
        areAll = false;
    }

    /** Returns true if the certificate is for a host. Makes no object. */
    boolean cover(byte[] bytes, int start, int end) {
        return areAll || names.find(bytes, start, end) != null;
    }

    /** Returns the names that a client may use: any if it has not asked for one of these in its handshake. */
    public CoveredNames heldTo(ClientHello hello) {
        boolean isHeld =
                hello.serverNameStart() >= 0 && cover(hello.bytes(), hello.serverNameStart(), hello.serverNameEnd());
        return isHeld ? this : ALL;
    }
}
