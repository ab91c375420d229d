package dev.turnout.config;

import dev.turnout.text.PageTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The pages of an operator for answers that Turnout makes itself, as they were read. An immutable value. */
public final class ErrorPages {

    private static final int MOST_BYTES = 64 << 10;

    /** Stands for the service of a request that is for none. */
    private static final String NO_SERVICE = "";

    private final Map<String, Map<String, PageTemplate>> pages;

    private ErrorPages(Map<String, Map<String, PageTemplate>> pages) {
        this.pages = pages;
    }

    /** Returns no pages. */
    public static ErrorPages none() {
        return new ErrorPages(Map.of());
    }

    /**
     * Reads the files that a configuration names. Blocks.
     *
     * @throws IllegalStateException if a file can't be used; the message names the key of each
     */
    public static ErrorPages read(TurnoutConfig config) {
        PageReading reading = new PageReading(config);
        if (!reading.refusals.isEmpty()) {
            throw new IllegalStateException(String.join("; ", reading.refusals));
        }
        return new ErrorPages(reading.pages);
    }

    /** Returns why files of a configuration can't be used, a sentence each. Blocks. */
    public static List<String> refusals(TurnoutConfig config) {
        return new PageReading(config).refusals.stream().map(one -> one + ".").toList();
    }

    /**
     * Returns the page for a status; null if the operator has none for it.
     *
     * @param service the name of the service; empty for a request that is for none
     */
    public @Nullable PageTemplate of(String service, int status) {
        Map<String, PageTemplate> ofService = pages.get(service);
        if (ofService == null) {
            return null;
        }
        PageTemplate exact = ofService.get(String.valueOf(status));
        return exact != null ? exact : ofService.get(status / 100 + "xx");
    }

    /** One reading of all files. A file that several keys name is read once. */
    private static final class PageReading {

        private final Map<String, Map<String, PageTemplate>> pages = new HashMap<>();
        private final List<String> refusals = new ArrayList<>();
        private final Map<Path, PageTemplate> read = new HashMap<>();
        private final TreeSet<String> refused = new TreeSet<>();

        PageReading(TurnoutConfig config) {
            add(NO_SERVICE, ServiceSettings.atTop(config).errors());
            ServiceSettings.of(config).forEach(service -> add(service.name(), service.errors()));
        }

        private void add(String service, ErrorPagesConfig keys) {
            Map<String, PageTemplate> ofService = new HashMap<>();
            keys.files().forEach((status, file) -> {
                String key = keys.nameOf(status);
                try {
                    ofService.put(status, page(file));
                } catch (IOException | IllegalArgumentException e) {
                    if (refused.add(key)) {
                        refusals.add(key + "=" + file + ": " + reason(e));
                    }
                }
            });
            if (!ofService.isEmpty()) {
                pages.put(service, Map.copyOf(ofService));
            }
        }

        private PageTemplate page(Path file) throws IOException {
            PageTemplate known = read.get(file);
            if (known == null) {
                known = PageTemplate.parse(text(file));
                read.put(file, known);
            }
            return known;
        }

        private static String text(Path file) throws IOException {
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException(
                        Files.exists(file) ? "it is no regular file" : "there is no such file");
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(MOST_BYTES + 1);
                if (bytes.length > MOST_BYTES) {
                    throw new IllegalArgumentException("it has more than 64 KiB");
                }
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            }
        }

        private static String reason(Exception e) {
            if (e instanceof IllegalArgumentException) {
                return String.valueOf(e.getMessage());
            }
            return e instanceof CharacterCodingException ? "it is not UTF-8" : "it can't be read (" + e + ")";
        }
    }
}
