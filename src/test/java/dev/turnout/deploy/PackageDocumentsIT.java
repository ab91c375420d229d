package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The documents and examples in the built Debian package, which is unpacked and not installed. */
@RequiresProgram(value = "dpkg-deb", debianPackage = "dpkg")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("The Debian package")
final class PackageDocumentsIT {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s#]+)(?:#[^)\\s]*)?\\)");

    private Path root;
    private Path documents;

    @BeforeAll
    void unpack(@TempDir Path folder) throws Exception {
        root = folder;
        Process unpacking = new ProcessBuilder(
                        "dpkg-deb", "-x", DebianPackage.built().toString(), root.toString())
                .inheritIO()
                .start();
        assertThat(unpacking.waitFor()).isZero();
        documents = root.resolve("usr/share/doc/turnout");
    }

    @Test
    @DisplayName("has only links to files that are in it")
    void every_link_leads_to_something_in_the_package() throws IOException {
        List<String> links = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        for (Path document : pages()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                links.add(link.group(1));
                if (!link.group(1).contains(":") && !Files.exists(document.resolveSibling(link.group(1)))) {
                    broken.add(documents.relativize(document) + " -> " + link.group(1));
                }
            }
        }

        assertThat(broken).isEmpty();
        assertThat(links).contains("deploy/README.md", "deploy/CONFIGURATION.md", "nginx-compat/README.md");
    }

    private List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(documents)) {
            return files.filter(file -> file.toString().endsWith(".md")).toList();
        }
    }

    @Test
    @DisplayName("has the documents in English and Korean, and the site files for nginx")
    void it_has_both_languages_and_the_sites_for_nginx() {
        assertThat(List.of(
                        "README.md",
                        "README.ko.md",
                        "deploy/README.md",
                        "deploy/README.ko.md",
                        "deploy/CONFIGURATION.md",
                        "deploy/PROBLEMS.md",
                        "deploy/PROBLEMS.ko.md",
                        "nginx-compat/variable-site.conf",
                        "nginx-compat/upstream-site.conf",
                        "nginx-compat/service-url.inc"))
                .allSatisfy(name -> assertThat(documents.resolve(name)).isRegularFile());
    }

    @Test
    @DisplayName("names in its settings file a reference that is in it")
    void the_settings_name_the_reference() throws IOException {
        String settings = Files.readString(root.resolve("etc/turnout/application.properties"));
        Matcher reference = Pattern.compile("/usr/share/doc/\\S+\\.md").matcher(settings);

        assertThat(reference.find()).isTrue();
        assertThat(root.resolve(reference.group().substring(1))).isRegularFile();
    }
}
