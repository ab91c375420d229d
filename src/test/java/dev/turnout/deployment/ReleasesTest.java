package dev.turnout.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.CommandWords;
import dev.turnout.routing.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReleasesTest {

    @TempDir
    Path folder;

    private Releases releases;

    @BeforeEach
    void openReleases() {
        releases = new Releases(new DeployFolder(folder), "shop");
    }

    @Test
    void a_release_comes_back_as_it_was_added() throws IOException {
        Release.Build build =
                new Release.Build("1.4.2", Optional.of("ab12"), Optional.of("3f2a"), Optional.of("가게 1.jar"));
        Launch launch = new Launch.OwnCommand(new CommandWords(List.of("run it", "{port}", "")));
        Release release = new Release(0, build, "minji", Instant.parse("2026-01-02T03:04:05Z"), launch, folder);

        releases.prepare(Slot.GREEN, release, Optional.of(jar("content")));
        Release added = releases.serves(Slot.GREEN).orElseThrow();

        assertThat(added.id()).isEqualTo(1);
        assertThat(releases.list()).containsExactly(added);
        assertThat(added).usingRecursiveComparison().ignoringFields("id").isEqualTo(release);
        assertThat(releases.of(Slot.GREEN)).contains(added);
        assertThat(Files.readString(releases.jar(1))).isEqualTo("content");
    }

    @Test
    void options_for_java_and_the_unit_come_back() throws IOException {
        Release java = add(Slot.BLUE, new Launch.PlainJava(List.of("-Xmx1g", "-Da=b c")));
        Release unit = add(Slot.GREEN, new Launch.SystemdUnit("shop"));
        Release none = add(Slot.GREEN, new Launch.PlainJava(List.of()));

        assertThat(releases.list()).containsExactly(none, unit, java);
    }

    @Test
    void words_with_line_breaks_come_back() throws IOException {
        Release command = add(
                Slot.BLUE,
                new Launch.OwnCommand(new CommandWords(List.of("sh", "-c", "cd a\nexec b", "", "c\\nd", "\n"))));
        Release one = add(Slot.GREEN, new Launch.OwnCommand(new CommandWords(List.of("a\nb"))));
        Release java = add(Slot.GREEN, new Launch.PlainJava(List.of("-Da=b\nc", "")));
        Release empty = add(Slot.GREEN, new Launch.PlainJava(List.of("")));

        assertThat(releases.list()).containsExactly(empty, java, one, command);
    }

    @Test
    void words_are_written_as_an_earlier_turnout_reads_them_where_that_can_be() throws IOException {
        add(Slot.BLUE, new Launch.PlainJava(List.of("-Xmx1g", "", "-Da=b c")));
        add(Slot.GREEN, new Launch.PlainJava(List.of("")));

        assertThat(words(1)).isEqualTo("-Xmx1g\n\n-Da=b c");
        assertThat(words(2)).isEqualTo("\0");
    }

    private String words(int id) {
        return PropertyFile.read(folder.resolve("releases/shop/" + id + "/release.properties"))
                .orElseThrow()
                .getProperty("java-opts");
    }

    @Test
    void the_words_that_an_earlier_turnout_wrote_are_read() throws IOException {
        Launch launch = new Launch.OwnCommand(new CommandWords(List.of("run it", "", "{port}")));
        Release command = add(Slot.BLUE, launch);
        PropertyFile.change(
                folder.resolve("releases/shop/1/release.properties"), facts -> facts.put("exec", "run it\n\n{port}"));

        assertThat(releases.list()).containsExactly(command);
    }

    @Test
    void the_last_five_are_kept_and_never_one_that_a_slot_has() throws IOException {
        Release first = add(Slot.BLUE, new Launch.PlainJava(List.of()));
        for (int i = 0; i < 9; i++) {
            add(Slot.GREEN, new Launch.PlainJava(List.of()));
        }

        assertThat(releases.list()).extracting(Release::id).containsExactly(10, 9, 8, 7, 1);
        assertThat(releases.of(Slot.BLUE)).contains(first);
        try (Stream<Path> left = Files.list(folder.resolve("releases/shop"))) {
            assertThat(left).hasSize(6);
        }
    }

    @Test
    void a_release_that_is_not_complete_is_not_listed() throws IOException {
        add(Slot.BLUE, new Launch.PlainJava(List.of()));
        Path shop = folder.resolve("releases/shop");
        Files.createDirectories(shop.resolve("2"));
        Files.writeString(shop.resolve("2/app.jar"), "half");
        Files.createDirectories(shop.resolve("3"));
        Files.writeString(shop.resolve("3/release.properties"), "version=1\n");
        Files.createDirectories(shop.resolve(".incomplete-1"));
        Files.copy(shop.resolve("1/release.properties"), shop.resolve(".incomplete-1/release.properties"));

        assertThat(releases.list()).extracting(Release::id).containsExactly(1);
    }

    @Test
    void a_release_whose_jar_is_gone_is_not_listed() throws IOException {
        add(Slot.BLUE, new Launch.PlainJava(List.of()));
        Files.delete(releases.jar(1));

        assertThat(releases.list()).isEmpty();
    }

    @Test
    void what_a_killed_deployment_left_is_removed_by_the_next_one() throws IOException {
        Path left = folder.resolve("releases/shop/.incomplete-999999999");
        Files.createDirectories(left);
        Files.writeString(left.resolve("app.jar"), "half");

        add(Slot.BLUE, new Launch.PlainJava(List.of()));

        assertThat(left).doesNotExist();
    }

    @Test
    void the_release_before_is_that_of_the_other_slot() throws IOException {
        Release blue = add(Slot.BLUE, new Launch.PlainJava(List.of()));
        Release green = add(Slot.GREEN, new Launch.PlainJava(List.of()));

        assertThat(releases.before(Slot.GREEN)).contains(blue);
        assertThat(releases.before(Slot.BLUE)).contains(green);
    }

    @Test
    void the_release_before_a_rolling_deployment_is_the_one_with_the_number_before() throws IOException {
        Release first = add(Slot.BLUE, new Launch.PlainJava(List.of()));
        add(Slot.BLUE, new Launch.PlainJava(List.of()));

        assertThat(releases.before(Slot.BLUE)).contains(first);
    }

    @Test
    void the_release_before_a_rolling_deployment_is_the_one_that_it_replaced() throws IOException {
        Launch java = new Launch.PlainJava(List.of());
        Release first = add(Slot.BLUE, java);
        Release second = add(Slot.GREEN, java);
        Release third = replace(Slot.GREEN, java);

        assertThat(releases.before(Slot.GREEN)).contains(second);

        releases.serves(Slot.BLUE, second.id());
        assertThat(releases.before(Slot.BLUE)).contains(third);
        releases.serves(Slot.GREEN, first.id());
        assertThat(releases.before(Slot.GREEN)).contains(second);
    }

    @Test
    void what_a_rolling_deployment_replaced_is_kept() throws IOException {
        Launch java = new Launch.PlainJava(List.of());
        Release first = add(Slot.BLUE, java);
        for (int i = 0; i < 9; i++) {
            add(Slot.GREEN, java);
        }
        releases.serves(Slot.GREEN, first.id());
        Release last = replace(Slot.GREEN, java);

        assertThat(releases.before(Slot.GREEN)).contains(first);
        assertThat(releases.of(Slot.GREEN)).contains(last);
    }

    @Test
    void there_is_nothing_before_the_first_release() throws IOException {
        add(Slot.GREEN, new Launch.PlainJava(List.of()));

        assertThat(releases.before(Slot.GREEN)).isEmpty();
        assertThat(new Releases(new DeployFolder(folder), "other").list()).isEmpty();
    }

    @Test
    void what_a_killed_deployment_has_switched_to_is_the_release_of_the_slot() throws IOException {
        Launch java = new Launch.PlainJava(List.of());
        add(Slot.BLUE, java);
        Release second = add(Slot.GREEN, java);
        prepare(Slot.BLUE, java);
        assertThat(releases.of(Slot.BLUE)).isEmpty();
        assertThat(releases.list()).hasSize(2);

        releases.settle(serving(Slot.BLUE, Optional.of("drain")));

        assertThat(releases.of(Slot.BLUE)).get().extracting(Release::id).isEqualTo(3);
        assertThat(releases.before(Slot.BLUE)).contains(second);
        Release fourth = add(Slot.GREEN, java);
        assertThat(releases.before(Slot.GREEN)).get().extracting(Release::id).isEqualTo(3);
        assertThat(releases.list().get(0)).isEqualTo(fourth);
    }

    @Test
    void what_a_killed_deployment_has_not_switched_to_is_forgotten() throws IOException {
        Launch java = new Launch.PlainJava(List.of());
        Release first = add(Slot.BLUE, java);
        Release second = add(Slot.GREEN, java);
        prepare(Slot.BLUE, java);

        releases.settle(serving(Slot.GREEN, Optional.empty()));

        assertThat(releases.of(Slot.BLUE)).contains(first);
        assertThat(releases.list()).containsExactly(second, first);
        assertThat(folder.resolve("releases/shop/3")).doesNotExist();
    }

    @Test
    void a_kept_release_that_a_killed_rollback_has_not_switched_to_stays() throws IOException {
        Launch java = new Launch.PlainJava(List.of());
        Release first = add(Slot.BLUE, java);
        Release second = add(Slot.GREEN, java);
        releases.prepare(Slot.BLUE, first.id());

        releases.settle(serving(Slot.GREEN, Optional.empty()));

        assertThat(releases.list()).containsExactly(second, first);
        assertThat(releases.of(Slot.BLUE)).contains(first);
    }

    @Test
    void while_a_change_may_still_decide_nothing_is_settled() throws IOException {
        Launch java = new Launch.PlainJava(List.of());
        add(Slot.BLUE, java);
        add(Slot.GREEN, java);
        prepare(Slot.BLUE, java);

        releases.settle(serving(Slot.GREEN, Optional.of("gate")));
        releases.settle(serving(Slot.BLUE, Optional.of("watch")));

        assertThat(releases.of(Slot.BLUE)).isEmpty();
        assertThat(folder.resolve("releases/shop/3")).exists();
    }

    @Test
    void a_slot_with_a_version_that_could_not_be_kept_has_no_release() throws IOException {
        Launch java = new Launch.PlainJava(List.of());
        add(Slot.BLUE, java);
        add(Slot.GREEN, java);
        Path missing = folder.resolve("missing.jar");

        assertThatThrownBy(() -> releases.prepare(Slot.BLUE, release(java), Optional.of(missing)))
                .isInstanceOf(IOException.class);

        assertThat(releases.serves(Slot.BLUE)).isEmpty();
        assertThat(releases.of(Slot.BLUE)).isEmpty();
        assertThat(releases.list()).hasSize(2);
    }

    @Test
    void nobody_else_may_look_at_releases() throws IOException {
        add(Slot.BLUE, new Launch.PlainJava(List.of("-Dpassword=secret")));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("releases"))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("releases/shop/1/release.properties"))))
                .isEqualTo("rw-------");
    }

    /** Deploys a release to a slot, and does not come to the end. */
    private void prepare(Slot slot, Launch launch) throws IOException {
        releases.prepare(slot, release(launch), Optional.of(jar("x")));
    }

    private Release add(Slot slot, Launch launch) throws IOException {
        prepare(slot, launch);
        return releases.serves(slot).orElseThrow();
    }

    private Release replace(Slot slot, Launch launch) throws IOException {
        return releases.replace(slot, release(launch), Optional.of(jar("x"))).orElseThrow();
    }

    private Release release(Launch launch) {
        Release.Build build = new Release.Build("1", Optional.of("ab"), Optional.empty(), Optional.of("shop.jar"));
        return new Release(0, build, "minji", Instant.EPOCH, launch, folder);
    }

    private static ServiceView serving(Slot active, Optional<String> step) {
        return new ServiceView(7, active, Optional.empty(), step, 0, Map.of(), Map.of());
    }

    private Path jar(String content) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "copy", ".jar"), content);
    }
}
