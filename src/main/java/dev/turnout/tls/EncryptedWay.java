package dev.turnout.tls;

import dev.turnout.config.SendProxy;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the targets of a service are spoken to over TLS. What that takes is made when the first target asks for it: it may
 * come at run time, to a service that has none in its configuration. Any thread.
 */
final class EncryptedWay {

    private final SendProxy header;
    private final TargetTlsFiles files;
    private final Function<TargetTlsFiles, TargetTls> maker;
    private volatile @Nullable TargetWay made;

    EncryptedWay(SendProxy header, TargetTlsFiles files, Function<TargetTlsFiles, TargetTls> maker) {
        this.header = header;
        this.files = files;
        this.maker = maker;
    }

    boolean isMadeOf(SendProxy otherHeader, TargetTlsFiles others) {
        return header == otherHeader && files.isSame(others);
    }

    /**
     * Returns it, and makes it first if nobody has asked before: that takes some milliseconds.
     *
     * @throws TlsRefused if the engine refuses it, with the reason
     */
    TargetWay get() {
        TargetWay known = made;
        return known == null ? make() : known;
    }

    private synchronized TargetWay make() {
        TargetWay known = made;
        TargetWay way = known == null ? new TargetWay(header, maker.apply(files)) : known;
        made = way;
        return way;
    }

    /** Returns what was made; empty if no target has asked for it. */
    Optional<TargetTls> tls() {
        return Optional.ofNullable(made).map(TargetWay::tls);
    }
}
