package dev.turnout.notify;

import dev.turnout.config.ConfigReport;
import dev.turnout.config.HookForm;
import dev.turnout.config.HookUrl;
import dev.turnout.config.NotifyEvent;
import dev.turnout.config.ReceiverConfig;
import dev.turnout.config.SigningSecret;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.text.Language;
import dev.turnout.tls.FileAccess;
import dev.turnout.tls.TrustFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * What holds for one receiver, with what its files hold.
 *
 * @param giveUp how long a message is tried again
 * @param secret what messages are signed with
 * @param trust what the receiver's certificate is trusted by; empty for what Java trusts
 */
record ReceiverSettings(
        String name,
        String prefix,
        HookUrl url,
        HookForm form,
        Set<NotifyEvent> events,
        Language language,
        Duration giveUp,
        Optional<Secret> secret,
        Optional<Trusted> trust) {

    private static final int MOST_BYTES = 8 << 10;

    /** A secret, which no text shows. */
    record Secret(byte[] bytes) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Secret secret && Arrays.equals(bytes, secret.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "(not shown)";
        }
    }

    /** The authorities in a file. A reload reads the file again. */
    record Trusted(Path file, SSLContext context) {

        @Override
        public boolean equals(Object other) {
            return other == this;
        }

        @Override
        public int hashCode() {
            return file.hashCode();
        }
    }

    /**
     * Reads the settings of all receivers. Blocks.
     *
     * @throws ReceiverRefused if a file can't be used
     */
    static List<ReceiverSettings> of(TurnoutConfig config) {
        return config.notifications().receivers().stream()
                .map(ReceiverSettings::of)
                .toList();
    }

    /**
     * Returns why the files of receivers can't be used, and what makes the addresses in them doubtful. An address that
     * stands in the configuration itself is judged there. Blocks.
     */
    static ConfigReport check(TurnoutConfig config) {
        List<String> refusals = new ArrayList<>();
        List<String> doubts = new ArrayList<>();
        for (ReceiverConfig receiver : config.notifications().receivers()) {
            try {
                ReceiverSettings settings = of(receiver);
                if (receiver.url().isEmpty()) {
                    settings.url()
                            .doubt()
                            .ifPresent(doubt ->
                                    doubts.add("The URL in the file of " + urlFileKey(receiver) + " " + doubt + "."));
                }
            } catch (ReceiverRefused e) {
                refusals.add(e.reason());
            }
        }
        return new ConfigReport(refusals, doubts);
    }

    private static String urlFileKey(ReceiverConfig receiver) {
        return receiver.prefix() + "url-file";
    }

    private static ReceiverSettings of(ReceiverConfig config) {
        HookUrl url = config.url()
                .or(() -> config.urlFile().map(file -> url(urlFileKey(config), file)))
                .orElseThrow();
        return new ReceiverSettings(
                config.name(),
                config.prefix(),
                url,
                config.form().orElseGet(url::form),
                config.events(),
                config.language(),
                config.giveUp(),
                config.secret()
                        .map(text -> new Secret(SigningSecret.bytes(text)))
                        .or(() -> config.secretFile().map(file -> secret(config.prefix() + "secret-file", file))),
                config.caFile().map(file -> trust(config.prefix() + "ca-file", file)));
    }

    private static HookUrl url(String key, Path file) {
        try {
            return HookUrl.parse(firstLine(key, file));
        } catch (IllegalArgumentException e) {
            throw new ReceiverRefused(key, file, "its first line is no URL that begins with https:// or http://");
        }
    }

    private static Secret secret(String key, Path file) {
        try {
            return new Secret(SigningSecret.bytes(firstLine(key, file)));
        } catch (IllegalArgumentException e) {
            throw new ReceiverRefused(key, file, "what stands behind whsec_ is not base64");
        }
    }

    private static Trusted trust(String key, Path file) {
        try {
            return new Trusted(file, TrustFile.context(file));
        } catch (IOException e) {
            throw new ReceiverRefused(key, file, FileAccess.explain(file, e).english());
        } catch (GeneralSecurityException e) {
            throw new ReceiverRefused(key, file, String.valueOf(e.getMessage()));
        }
    }

    private static String firstLine(String key, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
            return text.lines()
                    .findFirst()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .orElseThrow(() -> new ReceiverRefused(key, file, "its first line is empty"));
        } catch (IOException e) {
            throw new ReceiverRefused(key, file, FileAccess.explain(file, e).english());
        }
    }
}
