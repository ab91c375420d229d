package dev.turnout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the links of the documents: a link leads to a file or folder that exists, and to a heading that exists. */
final class DocumentLinksTest {

    private static final Path ARCHITECTURE = Path.of("ARCHITECTURE.md");
    private static final Path SOURCES = Path.of("src/main/java");

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern DEFINITION = Pattern.compile("\\[([^]]+)]: (\\S+)");
    private static final Pattern REFERENCE = Pattern.compile("\\[([^]\\[]+)](?![(:])");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*:.*");
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*?) *#*");
    private static final Pattern LINKED_TEXT = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");
    private static final Pattern NOT_IN_ANCHOR = Pattern.compile("[^\\p{L}\\p{N} _-]");

    static Stream<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (String folder : List.of("", "deploy", "deploy/recipes", "bench", "nginx-compat")) {
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
            }
        }
        return documents.stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void every_relative_link_leads_somewhere(Path document) throws IOException {
        List<String> broken = new ArrayList<>();
        for (String link : relativeLinks(document)) {
            if (!leadsSomewhere(document, link)) {
                broken.add(link);
            }
        }

        assertThat(broken).as("links of %s that lead nowhere", document).isEmpty();
    }

    /** A reference such as {@code [Exchange]} has its link at the end of the document. */
    @ParameterizedTest
    @MethodSource("documents")
    void every_reference_has_its_link(Path document) throws IOException {
        Set<String> referred = new TreeSet<>();
        for (String line : textLines(document)) {
            Matcher reference = REFERENCE.matcher(CODE.matcher(line).replaceAll(""));
            while (reference.find()) {
                referred.add(reference.group(1));
            }
        }

        assertThat(referred).isEqualTo(definitions(document).keySet());
    }

    @Test
    void the_architecture_links_every_package() throws IOException {
        Set<Path> linked = new HashSet<>();
        for (String link : relativeLinks(ARCHITECTURE)) {
            linked.add(target(ARCHITECTURE, link));
        }
        Set<Path> packages = new HashSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .forEach(packages::add);
        }

        packages.removeAll(linked);
        assertThat(packages).as("packages that %s does not link", ARCHITECTURE).isEmpty();
    }

    @Test
    void the_readme_leads_to_the_other_documents() throws IOException {
        assertThat(relativeLinks(Path.of("README.md")))
                .contains("ARCHITECTURE.md", "CONTRIBUTING.md", "deploy/README.md", "bench/README.md");
    }

    private static List<String> relativeLinks(Path document) throws IOException {
        List<String> links = new ArrayList<>(definitions(document).values());
        for (String line : textLines(document)) {
            Matcher link = LINK.matcher(line);
            while (link.find()) {
                links.add(link.group(1));
            }
        }
        links.removeIf(link -> SCHEME.matcher(link).matches());
        return links;
    }

    /** Returns the links at the end of a document, by what refers to them. */
    private static Map<String, String> definitions(Path document) throws IOException {
        Map<String, String> definitions = new TreeMap<>();
        for (String line : textLines(document)) {
            Matcher definition = DEFINITION.matcher(line);
            if (definition.matches()) {
                definitions.put(definition.group(1), definition.group(2));
            }
        }
        return definitions;
    }

    private static boolean leadsSomewhere(Path document, String link) throws IOException {
        Path target = target(document, link);
        int hash = link.indexOf('#');
        if (!Files.exists(target)) {
            return false;
        }
        return hash < 0 || anchors(target).contains(link.substring(hash + 1));
    }

    /** Returns the file or folder that a link leads to. A link that is only an anchor leads to its own document. */
    private static Path target(Path document, String link) {
        String path = URLDecoder.decode(link.replaceFirst("#.*", "").replace("+", "%2B"), StandardCharsets.UTF_8);
        return path.isEmpty() ? document : document.resolveSibling(path).normalize();
    }

    /** Returns the anchors that GitHub gives to the headings of a document. Equal headings are numbered. */
    private static Set<String> anchors(Path document) throws IOException {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        for (String line : textLines(document)) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String anchor = anchor(heading.group(1));
                int earlier = seen.merge(anchor, 1, Integer::sum) - 1;
                anchors.add(earlier == 0 ? anchor : anchor + "-" + earlier);
            }
        }
        return anchors;
    }

    private static String anchor(String heading) {
        String text = LINKED_TEXT.matcher(heading).replaceAll("$1").toLowerCase(Locale.ROOT);
        return NOT_IN_ANCHOR.matcher(text).replaceAll("").replace(' ', '-');
    }

    /** Returns the lines of a document outside of fenced and indented code. Indented code begins behind an empty line. */
    private static List<String> textLines(Path document) throws IOException {
        List<String> lines = new ArrayList<>();
        boolean isFenced = false;
        boolean mayBeCode = true;
        for (String line : Files.readAllLines(document)) {
            mayBeCode = line.isBlank() || mayBeCode && line.startsWith("    ");
            if (line.strip().startsWith("```")) {
                isFenced = !isFenced;
            } else if (!isFenced && !mayBeCode) {
                lines.add(line);
            }
        }
        return lines;
    }
}
