package dev.turnout.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JarInspectionTest {

    private static final String BOOT = """
            Manifest-Version: 1.0
            Main-Class: boot.Launcher
            Start-Class: shop.App
            Implementation-Title: shop
            Implementation-Version: 1.4.2
            """;

    @TempDir
    Path folder;

    @Test
    void the_manifest_says_which_version_it_is() throws Exception {
        JarFacts facts = JarInspection.of(jar("가게 app.jar", BOOT, Map.of()));

        assertThat(facts.version()).contains("1.4.2");
        assertThat(facts.title()).contains("shop");
        assertThat(facts.commit()).isEmpty();
        assertThat(facts.mainClasses()).containsExactly("boot.Launcher", "shop.App");
    }

    @Test
    void the_commit_comes_from_the_manifest_or_from_git_properties() throws Exception {
        String long40 = "0123456789abcdef0123456789abcdef01234567";
        Path manifest = jar("a.jar", BOOT + "Git-Commit: " + long40 + "\n", Map.of());
        Path properties = jar(
                "b.jar",
                BOOT,
                Map.of(
                        "BOOT-INF/classes/git.properties",
                        "git.commit.id.abbrev=3f2a9c1\n".getBytes(StandardCharsets.UTF_8)));
        Path notFilledIn = jar("c.jar", BOOT + "Git-Commit: ${git.commit}\n", Map.of());

        assertThat(JarInspection.of(manifest).commit()).contains("0123456789ab");
        assertThat(JarInspection.of(properties).commit()).contains("3f2a9c1");
        assertThat(JarInspection.of(notFilledIn).commit()).isEmpty();
    }

    @Test
    void the_newest_class_file_among_the_main_classes_decides_which_java_is_needed() throws Exception {
        Path jar = jar(
                "new.jar",
                BOOT,
                Map.of("boot/Launcher.class", classFile(52), "BOOT-INF/classes/shop/App.class", classFile(65)));
        JarFacts facts = JarInspection.of(jar);

        assertThat(facts.java()).isEqualTo(21);
        JarInspection.checkJava(jar, facts, new JavaProgram("/opt/java", 21));
        assertThatThrownBy(() -> JarInspection.checkJava(jar, facts, new JavaProgram("/opt/java", 17)))
                .hasMessage("new.jar needs Java 21, but /opt/java is Java 17. Set JAVA_HOME to a Java 21 or newer.");
    }

    @Test
    void what_can_not_be_started_is_one_sentence() throws Exception {
        Path text = Files.writeString(folder.resolve("text.jar"), "no zip");
        Path empty = Files.createFile(folder.resolve("empty.jar"));
        Path plain = jar("shop-plain.jar", "Manifest-Version: 1.0\n", Map.of());

        assertRefused(folder.resolve("nope.jar")).hasMessage(folder.resolve("nope.jar") + " does not exist.");
        assertRefused(folder).hasMessage(folder + " is a folder, not a jar.");
        assertRefused(text).hasMessageStartingWith(text + " is not a jar, or is not complete");
        assertRefused(empty).hasMessageStartingWith(empty + " is not a jar, or is not complete");
        assertRefused(plain).hasMessageContaining("has no main class").hasMessageContaining("bootJar");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Path jar) {
        return assertThatThrownBy(() -> JarInspection.of(jar))
                .isInstanceOfSatisfying(DeploymentFailed.class, failed -> assertThat(failed.code())
                        .isEqualTo(2));
    }

    private Path jar(String name, String manifest, Map<String, byte[]> entries) throws IOException {
        Path file = folder.resolve(name);
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            jar.putNextEntry(new JarEntry("META-INF/MANIFEST.MF"));
            jar.write(manifest.getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
            }
        }
        return file;
    }

    private static byte[] classFile(int major) {
        return new byte[] {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, (byte) major};
    }
}
