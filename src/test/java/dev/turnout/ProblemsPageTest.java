package dev.turnout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.support.ApiDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the pages of problems against the sources: each place that makes a problem names its type as a literal. */
@DisplayName("The page of problems")
final class ProblemsPageTest {

    private static final Path SOURCES = Path.of("src/main/java/dev/turnout");
    private static final Path ADMIN = SOURCES.resolve("admin");
    private static final Path PROXY = SOURCES.resolve("proxy");

    private static final Pattern ADMIN_PROBLEM = Pattern.compile("Problem\\s*\\.of\\(\\s*\"([a-z-]+)\",\\s*(\\d+)?");
    private static final Pattern LOCAL_REPLY = Pattern.compile("new LocalReply\\(\\s*(\\d+),\\s*\"([a-z0-9-]+)");
    private static final Pattern REJECTION = Pattern.compile("(?m)^ {4}[A-Z_]+\\(([0-9]+), \"([a-z-]+)\"");

    private static final Pattern ENTRY = Pattern.compile("(?ms)^### (\\S+)\\n\\n(.*?)\\n");

    @Test
    @DisplayName(
            "has a heading for each type that the admin API sends, with its status, and the document has the type too")
    void each_type_of_the_admin_api_is_there() throws IOException {
        Map<String, Set<String>> sent = ofAdmin();

        assertThat(statuses("deploy/PROBLEMS.md", "Admin API: ")).isEqualTo(sent);
        JsonNode types = ApiDocument.ofSources().root().at("/components/schemas/ProblemType/enum");
        assertThat(StreamSupport.stream(types.spliterator(), false).map(JsonNode::asText))
                .containsExactlyInAnyOrderElementsOf(sent.keySet().stream()
                        .map(word -> "urn:turnout:problem:" + word)
                        .toList());
    }

    @Test
    @DisplayName("has a heading for each type that the front port sends, with its status")
    void each_type_of_the_front_port_is_there() throws IOException {
        assertThat(statuses("deploy/PROBLEMS.md", "Front port: ")).isEqualTo(ofFront());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Admin API: /관리 API: ", "Front port: /서비스 포트: "})
    @DisplayName("says the same in Korean")
    void both_languages_are_equal(String labels) throws IOException {
        String[] label = labels.split("/");

        assertThat(statuses("deploy/PROBLEMS.ko.md", label[1])).isEqualTo(statuses("deploy/PROBLEMS.md", label[0]));
    }

    private static Map<String, Set<String>> ofAdmin() throws IOException {
        Map<String, Set<String>> found = new TreeMap<>();
        for (String source : sources(ADMIN)) {
            for (Matcher at = ADMIN_PROBLEM.matcher(source); at.find(); ) {
                Set<String> statuses = found.computeIfAbsent(at.group(1), word -> new TreeSet<>());
                // Without a number it is a status that HTTP demands, as the others of its type are.
                if (at.group(2) != null) {
                    statuses.add(at.group(2));
                }
            }
        }
        return found;
    }

    private static Map<String, Set<String>> ofFront() throws IOException {
        Map<String, Set<String>> found = new TreeMap<>();
        for (String source : sources(PROXY)) {
            for (Matcher at = LOCAL_REPLY.matcher(source); at.find(); ) {
                found.computeIfAbsent(at.group(2), word -> new TreeSet<>()).add(at.group(1));
            }
        }
        for (Matcher at = REJECTION.matcher(Files.readString(PROXY.resolve("http1/Rejection.java"))); at.find(); ) {
            // A rejected response is the reason of a bad-response.
            if (!at.group(1).equals("502")) {
                found.computeIfAbsent(at.group(2), word -> new TreeSet<>()).add(at.group(1));
            }
        }
        // Its status depends on the method.
        found.put("https-redirect", Set.of("301", "308"));
        // Its cause is a constant, since no failure is counted for it.
        found.put("maintenance", Set.of("503"));
        // The application sets it.
        found.put("intercepted", Set.of("4xx", "5xx"));
        // An operator sets it.
        found.put("rule", Set.of("2xx", "3xx", "4xx", "5xx"));
        return found;
    }

    private static List<String> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(ProblemsPageTest::read)
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the headings of a page that have a label, each with the statuses behind the label. */
    private static Map<String, Set<String>> statuses(String page, String label) throws IOException {
        Map<String, Set<String>> statuses = new TreeMap<>();
        for (Matcher entry = ENTRY.matcher(Files.readString(Path.of(page))); entry.find(); ) {
            int at = entry.group(2).indexOf(label);
            if (at >= 0) {
                String listed = entry.group(2).substring(at + label.length()).replaceFirst("\\..*", "");
                statuses.put(
                        entry.group(1), Stream.of(listed.split(", ")).collect(Collectors.toCollection(TreeSet::new)));
            }
        }
        return statuses;
    }
}
