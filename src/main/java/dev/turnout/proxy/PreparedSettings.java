package dev.turnout.proxy;

import dev.turnout.config.ErrorPages;
import dev.turnout.proxy.listen.FrontSockets;
import dev.turnout.proxy.observe.AccessLog;
import dev.turnout.proxy.observe.CurrentLog;
import dev.turnout.proxy.observe.SpanSettings;
import dev.turnout.routing.NextSettings;
import dev.turnout.tls.TargetWays;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the data plane that are ready to be put in force, with the access log opened.
 *
 * @param settings the settings
 * @param pages the pages that were read
 * @param spans where spans are sent to; empty if requests are not traced
 * @param tls what targets are spoken to with
 * @param ports what clients connect to
 * @param replacesLog true if the access log is another one than before
 * @param log the access log if it is replaced; null for none
 * @param logs where the access log is kept
 * @param applying puts the settings in force
 */
record PreparedSettings(
        ProxySettings settings,
        ErrorPages pages,
        Optional<SpanSettings> spans,
        TargetWays.Prepared tls,
        FrontSockets.Prepared ports,
        boolean replacesLog,
        @Nullable AccessLog log,
        CurrentLog logs,
        Consumer<PreparedSettings> applying)
        implements NextSettings {

    @Override
    public boolean needsPublish() {
        return true;
    }

    @Override
    public void apply() {
        applying.accept(this);
    }

    @Override
    public void giveUp() {
        tls.giveUp();
        ports.giveUp();
        logs.close(log);
    }
}
