package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A password file has users and bcrypt hashes, and says which line is wrong")
final class PasswordFileTest {

    private static final String HASH = "$2y$10$4OYeFzyqdSFg/4xCVaeQM.qzUSPvSpMw1Hr3DGtjqqtJqYbKnPFBa";

    @TempDir
    private Path folder;

    private Path file(String text, String rights) throws IOException {
        Path file = Files.writeString(folder.resolve("passwords"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }

    @Test
    void comments_empty_lines_and_line_ends_of_windows_do_no_harm() throws Exception {
        Path file = file("# staff\r\nann:" + HASH + "\r\n\r\n bob:" + HASH.replace("2y", "2b") + "\n", "rw-r-----");

        PasswordFile read = PasswordFile.read(file);

        assertThat(read.hashes()).containsOnlyKeys("ann", "bob").containsEntry("ann", HASH);
        assertThat(read.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ann                       | line 2: it does not look like user:$2y$10$...",
                ":HASH                     | line 2: it does not look like user:$2y$10$...",
                "ann:$apr1$x$yz            | line 2: the password is not hashed with bcrypt",
                "ann:secret                | line 2: the password is not hashed with bcrypt",
                "ann:HASHx                 | line 2: the password is not hashed with bcrypt",
                "ann:$2y$15$4OYeFzyqdSFg/4xCVaeQM.qzUSPvSpMw1Hr3DGtjqqtJqYbKnPFBa | line 2: the cost of the hash is 15",
                "ann:$2y$03$4OYeFzyqdSFg/4xCVaeQM.qzUSPvSpMw1Hr3DGtjqqtJqYbKnPFBa | line 2: the cost of the hash is 3",
                "zoe:HASH                  | line 2: an earlier line has the same user"
            })
    void a_wrong_line_is_named_by_its_number_and_never_repeated(String line, String why) throws IOException {
        Path file = file("zoe:" + HASH + "\n" + line.replace("HASH", HASH) + "\n", "rw-------");

        assertThatThrownBy(() -> PasswordFile.read(file))
                .isInstanceOf(PasswordFile.Refused.class)
                .hasMessageStartingWith(why)
                .hasMessageNotContainingAny("secret", "apr1", "4OYe");
    }

    @Test
    void a_file_that_everybody_may_write_is_refused_and_one_that_everybody_may_read_is_warned_of() throws Exception {
        assertThat(PasswordFile.read(file("a:" + HASH, "rw-r--r--")).warnings())
                .singleElement()
                .asString()
                .contains("chmod o-r");
        Path open = file("a:" + HASH, "rw-rw-rw-");
        assertThatThrownBy(() -> PasswordFile.read(open)).hasMessageContaining("chmod o-w");
    }

    @Test
    void what_is_no_file_of_text_is_refused() throws IOException {
        assertThatThrownBy(() -> PasswordFile.read(folder.resolve("none"))).hasMessage("there is no such file");
        assertThatThrownBy(() -> PasswordFile.read(folder)).hasMessage("it is no regular file");
        Path empty = file("# nobody\n", "rw-------");
        assertThatThrownBy(() -> PasswordFile.read(empty)).hasMessage("it names no user");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {'a', ':', (byte) 0xff, '\n'});
        Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> PasswordFile.read(binary)).hasMessage("it is not UTF-8");
    }

    @Test
    void a_hash_that_is_made_here_can_be_read_here() throws Exception {
        String hash = PasswordFile.hash("s3cret".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(PasswordFile.parse("ann:" + hash)).containsEntry("ann", hash);
    }
}
