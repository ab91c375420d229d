package dev.turnout.tls;

import dev.turnout.config.ConfigReport;
import dev.turnout.config.TracingConfig;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.config.TurnoutConfig.Mode;
import dev.turnout.text.Language;
import dev.turnout.text.TlsText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The look at every file for TLS that a configuration names, for those who are to learn what a start would say. */
public final class NamedFilesCheck {

    private NamedFilesCheck() {}

    /** Returns what a start would say of the files of a sound configuration, in a language. Blocks. */
    public static ConfigReport of(TurnoutConfig config, Language language) {
        List<String> errors = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        if (config.mode() == Mode.PROXY) {
            TargetWays.refusals(config).forEach(refusal -> errors.add(refusal.in(language)));
            collector(config.tracing()).ifPresent(refusal -> errors.add(refusal.in(language)));
        }
        settings(config).forEach(settings -> {
            CertificateInspection seen = CertificateInspection.of(settings, Instant.now());
            seen.refusals().forEach(refusal -> errors.add(refusal.in(language)));
            seen.problems().forEach(problem -> warnings.add(problem.text().in(language)));
        });
        return new ConfigReport(errors, warnings);
    }

    private static Optional<TlsText> collector(TracingConfig tracing) {
        try {
            tracing.url()
                    .flatMap(url -> tracing.caFile())
                    .ifPresent(file -> TrustFile.context(TracingConfig.CA_FILE_NAME, file));
            return Optional.empty();
        } catch (TlsRefused e) {
            return Optional.of(e.text());
        }
    }

    private static Stream<CertificateSettings> settings(TurnoutConfig config) {
        return Stream.concat(
                config.tls().port().map(port -> CertificateSettings.of(config)).stream(),
                CertificateSettings.ofAdmin(config).stream());
    }
}
