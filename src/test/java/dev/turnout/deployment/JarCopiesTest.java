package dev.turnout.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.turnout.routing.Slot;
import dev.turnout.text.Language;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JarCopiesTest {

    private static final int NOBODY = 65_534;
    private static final Launch UNIT = new Launch.SystemdUnit("shop");

    @TempDir
    Path temp;

    private DeployFolder folder;
    private JarCopies copies;
    private Path jar;

    @BeforeEach
    void openFolder() throws IOException {
        folder = new DeployFolder(temp.resolve("deploy"));
        folder.open();
        copies = new JarCopies(folder, false, temp.resolve("lib"));
        jar = Files.writeString(temp.resolve("shop.jar"), "content");
    }

    @Test
    void a_unit_reads_a_copy_in_its_own_folder() throws Exception {
        Path copy = copies.copy(jar, 8080, UNIT);

        assertThat(copy).isEqualTo(temp.resolve("lib/shop/8080.jar")).hasContent("content");
        assertThat(mode(copy)).isEqualTo("rw-r--r--");
        assertThat(mode(copy.getParent())).isEqualTo("rwxr-xr-x");
        assertThat(copies.copy(jar, 8080, UNIT)).isEqualTo(copy);
    }

    @Test
    void a_link_that_is_in_the_way_is_not_followed() throws Exception {
        Path secret = Files.writeString(temp.resolve("secret"), "secret");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Files.createSymbolicLink(folder.root().resolve(".8080.jar.new"), secret);

        copies.copy(jar, 8080, UNIT);

        assertThat(secret).hasContent("secret");
        assertThat(mode(secret)).isEqualTo("rw-------");
    }

    @Test
    void root_refuses_the_folder_of_another_user_and_says_what_to_do() throws IOException {
        assumeRoot();
        Path place = Files.createDirectories(temp.resolve("lib/shop"));
        Files.setAttribute(place, "unix:uid", NOBODY);

        assertThatThrownBy(() -> copies.copy(jar, 8080, UNIT))
                .isInstanceOfSatisfying(DeploymentFailed.class, failure -> {
                    assertThat(failure.text(Language.ENGLISH))
                            .contains(place + " belongs to another user", "StateDirectory=shop/data");
                    assertThat(failure.text(Language.KOREAN)).contains("다른 사용자", "StateDirectory=shop/data");
                });
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void root_refuses_a_link_in_the_place_of_the_folder() throws IOException {
        assumeRoot();
        Files.createDirectories(temp.resolve("lib"));
        Files.createSymbolicLink(temp.resolve("lib/shop"), Files.createDirectory(temp.resolve("private")));

        assertThatThrownBy(() -> copies.check(UNIT))
                .isInstanceOf(DeploymentFailed.class)
                .hasMessageContaining("is a link");
    }

    /** systemd gives a StateDirectory to the user of the unit, with all that is in it. */
    @Test
    void a_release_of_a_unit_is_not_in_the_hands_of_the_user_of_the_unit() throws Exception {
        assumeRoot();
        Path copy = copies.copy(jar, 8080, UNIT);
        Files.setAttribute(copy.getParent(), "unix:uid", NOBODY);
        Files.setAttribute(copy, "unix:uid", NOBODY);
        Files.writeString(copy, "exchanged");
        Releases releases = new Releases(folder, "default");
        Release.Build build = new Release.Build("1", Optional.empty(), Optional.empty(), Optional.of("shop.jar"));

        releases.prepare(
                Slot.GREEN, new Release(0, build, "minji", Instant.EPOCH, UNIT, temp), Optional.of(folder.jar(8080)));

        assertThat(releases.serves(Slot.GREEN)).isPresent();
        assertThat(releases.jar(1)).hasContent("content");
        assertThatCode(folder::open).doesNotThrowAnyException();
    }

    @Test
    void in_a_folder_that_the_operator_has_named_a_unit_has_no_folder_of_its_own() throws Exception {
        Path copy = new JarCopies(folder, true, temp.resolve("lib")).copy(jar, 8080, UNIT);

        assertThat(copy).isEqualTo(folder.jar(8080));
        assertThat(temp.resolve("lib")).doesNotExist();
    }

    private static void assumeRoot() {
        assumeThat(DeployFolder.user()).as("root").isZero();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
