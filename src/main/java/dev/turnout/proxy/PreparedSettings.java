package dev.turnout.proxy;

import dev.turnout.config.ErrorPages;
import dev.turnout.proxy.listen.FrontSockets;
import dev.turnout.proxy.observe.CurrentLogs;
import dev.turnout.proxy.observe.SpanSettings;
import dev.turnout.routing.NextSettings;
import dev.turnout.tls.TargetWays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Settings of the data plane that are ready to be put in force, with the access logs opened.
 *
 * @param settings the settings
 * @param pages the pages that were read
 * @param spans where spans are sent to; empty if requests are not traced
 * @param tls what targets are spoken to with
 * @param ports what clients connect to
 * @param logs the access logs
 * @param applying puts the settings in force
 */
record PreparedSettings(
        ProxySettings settings,
        ErrorPages pages,
        Optional<SpanSettings> spans,
        TargetWays.Prepared tls,
        FrontSockets.Prepared ports,
        CurrentLogs.Prepared logs,
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
        logs.giveUp();
    }
}
