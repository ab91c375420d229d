package dev.turnout.tls;

import dev.turnout.config.ConfigReport;
import dev.turnout.config.TracingConfig;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.config.TurnoutConfig.Mode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The look at every file for TLS that a configuration names, for those who are to learn what a start would say. */
public final class NamedFilesCheck {

    private NamedFilesCheck() {}

    /** Returns what a start would say of the files of a sound configuration. Blocks. */
    public static ConfigReport of(TurnoutConfig config) {
        List<String> errors = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        if (config.mode() == Mode.PROXY) {
            errors.addAll(TargetWays.refusals(config));
            collector(config.tracing()).ifPresent(errors::add);
        }
        settings(config).forEach(settings -> {
            CertificateInspection seen = CertificateInspection.of(settings, Instant.now());
            errors.addAll(seen.refusals());
            seen.problems().forEach(problem -> warnings.add(problem.text()));
        });
        return new ConfigReport(errors, warnings);
    }

    private static Optional<String> collector(TracingConfig tracing) {
        try {
            tracing.url()
                    .flatMap(url -> tracing.caFile())
                    .ifPresent(file -> TrustFile.context(TracingConfig.CA_FILE_NAME, file));
            return Optional.empty();
        } catch (TlsRefused e) {
            return Optional.of(e.reason());
        }
    }

    private static Stream<CertificateSettings> settings(TurnoutConfig config) {
        return Stream.concat(
                config.tls().port().map(port -> CertificateSettings.of(config)).stream(),
                CertificateSettings.ofAdmin(config).stream());
    }
}
