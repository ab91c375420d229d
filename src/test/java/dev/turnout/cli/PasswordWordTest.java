package dev.turnout.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.turnout.text.Language;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("turnout password makes a line of a password file from standard input")
final class PasswordWordTest {

    private final InputStream before = System.in;

    private static void type(String text) {
        System.setIn(new ByteArrayInputStream(text.getBytes(UTF_8)));
    }

    @AfterEach
    void restore() {
        System.setIn(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"비밀 s3cret", "비밀 s3cret\n", "비밀 s3cret\r\nanother line\n"})
    void the_first_line_is_the_password(String input) {
        type(input);

        CommandRun run = CommandRun.of("password", "ops");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("ops:$2y$10$").endsWith("\n");
        assertThat(BCrypt.verifyer()
                        .verify(
                                "비밀 s3cret".getBytes(UTF_8),
                                run.out().strip().substring(4).getBytes(UTF_8))
                        .verified)
                .isTrue();
        assertThat(run.out() + run.err()).doesNotContain("s3cret");
    }

    /** As a terminal or a pipe that stays open: a read after the end of the line would wait. */
    @Test
    void nothing_is_read_after_the_end_of_the_line() {
        InputStream line = new ByteArrayInputStream("x\n".getBytes(UTF_8));
        System.setIn(new InputStream() {
            @Override
            public int read() throws IOException {
                int next = line.read();
                if (next < 0) {
                    throw new IOException("a read that would wait");
                }
                return next;
            }
        });

        CommandRun run = CommandRun.of("password", "ops");

        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("ops:$2y$10$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "1234567890123456789012345678901234567890123456789012345678901234567890123"})
    void no_password_and_one_that_bcrypt_would_cut_are_refused(String input) {
        type(input);

        CommandRun run = CommandRun.of("password", "ops");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("allowed are 1 to 72");
    }

    @Test
    void a_user_that_no_line_could_name_is_refused() {
        type("x\n");

        assertThat(CommandRun.of("password", "a:b").exit()).isEqualTo(2);
        assertThat(CommandRun.in(Language.KOREAN, "password", "#a").err()).contains("사용자 이름");
    }
}
